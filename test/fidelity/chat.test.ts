import { beforeAll, expect, test } from "vitest";
import { exactSteps } from "../../src/fidelity/budget/exact-steps.ts";
import { recordedSchedule } from "../../src/fidelity/budget/recorded-schedule.ts";
import { fitServer } from "../../src/fidelity/fit/fit-server.ts";
import { predictRecording } from "../../src/fidelity/predict.ts";
import type { RunMetric } from "../../src/fidelity/run-metrics.ts";
import { simulateRecording } from "../../src/fidelity/simulate-recording.ts";
import type { ServerFile } from "../../src/servers/costs/server-file.ts";
import { serverOf } from "../../src/servers/server.ts";
import { loadChatRecording, type LoggedRecording } from "../../src/files/load-recordings.ts";

const NAMES = ["chat_l3.apc", "chat_l5.apc", "chat_l5.apc.repeat", "chat_l5.noapc"] as const;
const recordings = new Map<string, LoggedRecording>();
const servers = new Map<string, ServerFile>();
beforeAll(async () => {
  for (const recording of await Promise.all(NAMES.map(loadChatRecording))) {
    recordings.set(recording.name, recording);
    const { file } = fitServer({
      name: recording.name,
      steps: [recording.steps],
      recordings: [recording],
    });
    servers.set(recording.name, file);
  }
});

test.each(NAMES)(
  "%s: the simulated cache holds what the real one did, request by request",
  (name) => {
    const { requests, description } = recordings.get(name)!;
    const server = serverOf({ cost: servers.get("chat_l3.apc")!, config: description.server });
    const { cachedTokens } = simulateRecording(requests, server, description.client);
    const same =
      cachedTokens.filter((tokens, row) => tokens === requests.cachedTokens![row]).length;
    expect(same / requests.size).toBeGreaterThan(0.98);
  },
);

// One log to fit on, another to predict: caching on and off, another load, the same again.
test.each(NAMES.flatMap((from) => NAMES.filter((to) => to !== from).map((to) => [from, to])))(
  "fitted on %s, %s comes out within 10 %% with the time that its steps took",
  (from, to) => {
    const recording = recordings.get(to)!;
    const { fidelity, budget } = predictRecording(recording, servers.get(from)!, recording.steps);
    expect(Math.abs(fidelity.cached_tokens!.error_pct ?? 0)).toBeLessThan(1);
    if (typeof budget === "string") throw new Error(budget);
    for (const metric of ["ttft_p50", "ttft_p99", "e2e_p50", "e2e_p99"] as const) {
      const left = budget.metrics[metric].alone_pct["step cost"];
      expect(Math.abs(left), metric).toBeLessThan(10);
    }
  },
);

// Bounds of the two quantiles of TTFT, percent. A log without a request that hardly queued does not say
// what the front end costs, which is a tenth of a TTFT elsewhere.
test.each([
  ["chat_l3.apc", "chat_l5.apc", 12],
  ["chat_l3.apc", "chat_l5.apc.repeat", 16],
  ["chat_l3.apc", "chat_l5.noapc", 10],
  ["chat_l5.apc", "chat_l3.apc", 10],
  ["chat_l5.apc", "chat_l5.apc.repeat", 12],
  ["chat_l5.apc", "chat_l5.noapc", 10],
  ["chat_l5.apc.repeat", "chat_l3.apc", 10],
  ["chat_l5.apc.repeat", "chat_l5.apc", 10],
  ["chat_l5.apc.repeat", "chat_l5.noapc", 10],
  ["chat_l5.noapc", "chat_l3.apc", 27],
  ["chat_l5.noapc", "chat_l5.apc", 27],
  ["chat_l5.noapc", "chat_l5.apc.repeat", 27],
])(
  "fitted on %s, %s at its machine's speed: E2E within 5 %%, TTFT within %i %%",
  (from, to, most) => {
    const recording = recordings.get(to)!;
    const { machine } = predictRecording(recording, servers.get(from)!, recording.steps);
    const error = (metric: RunMetric) => Math.abs(machine!.at_its_speed[metric].error_pct!);
    for (const metric of ["e2e_p50", "e2e_p99"] as const) {
      expect(error(metric), metric).toBeLessThan(5);
    }
    for (const metric of ["ttft_p50", "ttft_p99"] as const) {
      expect(error(metric), metric).toBeLessThan(most);
    }
  },
);

test("shared blocks count once in the log's KV usage, but every sequence reads them", () => {
  const { requests, steps, description } = recordings.get("chat_l5.apc")!;
  const logged = steps.logged!;
  expect(exactSteps(logged, requests, description.server)).toEqual(steps);
  const sum = (column: Float64Array) => column.reduce((total, each) => total + each, 0);
  expect(sum(steps.context)).toBeGreaterThan(2 * sum(logged.context));
  // So much of the context is shared that the log holds less than half of it.
  expect(servers.get("chat_l5.apc")!.fit!.sharedContext).toBeGreaterThan(0.5);
  expect(servers.get("chat_l5.noapc")!.fit!.sharedContext).toBeLessThan(0.02);
  // Without sharing both agree.
  const alone = recordings.get("chat_l5.noapc")!.steps;
  expect(sum(alone.context) / sum(alone.logged!.context)).toBeCloseTo(1, 1);
});

test("steps of other requests are left as they were logged", () => {
  const { steps, description } = recordings.get("chat_l5.apc")!;
  const { requests } = recordings.get("chat_l3.apc")!;
  expect(recordedSchedule(requests, steps, description.server)).toMatch(/iteration \d+/);
  expect(exactSteps(steps, requests, description.server)).toBe(steps);
});
