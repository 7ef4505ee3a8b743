import { expect, test } from "vitest";
import { budgetTable } from "../../../src/fidelity/budget/budget-table.ts";
import {
  BUDGET_PARTS,
  type ErrorBudget,
  errorBudget,
} from "../../../src/fidelity/budget/error-budget.ts";
import { slowedDown } from "../../../src/fidelity/machine-speed.ts";
import { fitServer } from "../../../src/fidelity/fit/fit-server.ts";
import { loadCpuRecording, loadServerFile } from "../../../src/files/load-recordings.ts";
import { exponential } from "../../../src/random/exponential.ts";
import { substream } from "../../../src/random/substream.ts";
import { serverOf } from "../../../src/servers/server.ts";
import { RUN_METRICS } from "../../../src/fidelity/run-metrics.ts";
import { simulateRun } from "../support/simulated-log.ts";

const config = {
  ...{ max_num_seqs: 8, max_model_len: 1024, num_gpu_blocks: 400, async_scheduling: false },
  enable_prefix_caching: false,
};
const server = serverOf({ config });
const random = substream(5, "arrivals");
let now = 0;
const size = 150;
const requests = {
  size,
  arrival: Float64Array.from({ length: size }, () => now += exponential(random) / 4),
  promptTokens: Int32Array.from({ length: size }, () => 20 + Math.floor(300 * random.next())),
  outputTokens: Int32Array.from({ length: size }, () => 1 + Math.floor(150 * random.next())),
  priority: new Int32Array(size),
  tier: new Uint8Array(size),
};
const description = { server: server.config, client: null };

function budget(found: ErrorBudget | string): ErrorBudget {
  if (typeof found === "string") throw new Error(found);
  return found;
}

test("of a machine that is 10 % slower in every step the error is the step cost's alone", () => {
  const run = simulateRun(requests, server, slowedDown(server.cost, 0.1));
  const { metrics } = budget(errorBudget({ ...run, description }, server, run.steps));
  expect(metrics.e2e_p50.error_pct).toBeLessThan(-5);
  for (const metric of RUN_METRICS) {
    const { alone_pct, unexplained_pct } = metrics[metric];
    // Ends of steps are known at first and last tokens alone: between them they are spread evenly.
    expect(Math.abs(alone_pct["step cost"]), metric).toBeLessThan(2);
    expect(Math.abs(unexplained_pct), metric).toBeLessThan(0.1);
  }
});

test("a client that sends late is the client's fault, not the server's", () => {
  // All requests are held for 0.2 s: arrivals were earlier than what the server saw.
  const run = simulateRun(requests, server, server.cost);
  const arrival = requests.arrival.map((at) => Math.max(0, at - 0.2));
  const late = { ...run.requests, arrival };
  const { metrics } = budget(errorBudget({ requests: late, description }, server, run.steps));
  const { error_pct, alone_pct, share_pct } = metrics.ttft_p50;
  expect(error_pct).toBeLessThan(-20);
  expect(Math.abs(alone_pct.client)).toBeLessThan(0.5);
  expect(share_pct.client).toBeLessThan(0.9 * error_pct);
});

test("with fewer blocks than the server really had, the error is the KV blocks'", async () => {
  // One token each, all at once: blocks decide how many prompts fit a step.
  const burst = {
    ...requests,
    arrival: new Float64Array(size),
    outputTokens: new Int32Array(size).fill(1),
  };
  const file = await loadServerFile("vllm-cpu-0.05b");
  const { cost } = serverOf({ cost: file, config });
  const run = simulateRun(burst, server, cost);
  const few = { ...file, server: { ...server.config, num_gpu_blocks: 66 } };
  const found = errorBudget({ ...run, description }, few, run.steps);
  const { metrics: { e2e_p50 }, same } = budget(found);
  expect(same).toEqual({});
  expect(e2e_p50.error_pct).toBeGreaterThan(0.5);
  expect(Math.abs(e2e_p50.alone_pct["KV blocks"])).toBeLessThan(0.5);
  // Recorded decisions say the same, in another way.
  expect(e2e_p50.share_pct["KV blocks"] + e2e_p50.share_pct.decisions)
    .toBeGreaterThan(0.8 * e2e_p50.error_pct);
});

test("parts and what is unexplained sum up to the error, on real recordings too", async () => {
  const [recording, burst] = await Promise.all(
    ["ds_l5.fcfs16", "ds_burst.client16.priority"].map(loadCpuRecording),
  );
  const file = fitServer({ name: "CPU", steps: [burst.steps], recordings: [burst] }).file;
  for (const each of [recording, burst]) {
    const { metrics, same } = budget(errorBudget(each, file, each.steps));
    expect(Object.keys(same)).toEqual(["KV blocks"]);
    for (const metric of RUN_METRICS) {
      const { error_pct, share_pct, unexplained_pct } = metrics[metric];
      const sum = BUDGET_PARTS.reduce((total, part) => total + share_pct[part], unexplained_pct);
      expect(sum, metric).toBeCloseTo(error_pct, 9);
    }
    // All four replaced, what is left is a few milliseconds of a request.
    expect(Math.abs(metrics.e2e_p50.unexplained_pct)).toBeLessThan(1);
    expect(Math.abs(metrics.e2e_p99.unexplained_pct)).toBeLessThan(1);
  }
});

test("without a log that is the run's own there is no budget, in words", async () => {
  const [recording, other] = await Promise.all(
    ["ds_l5.fcfs16", "bgpt.fcfs32"].map(loadCpuRecording),
  );
  expect(errorBudget(recording, server, other.steps)).toMatch(/iteration \d+ of the log/);
  const asynchronous = {
    ...recording,
    description: {
      ...recording.description,
      server: { ...recording.description.server, async_scheduling: true },
    },
  };
  expect(errorBudget(asynchronous, server, recording.steps)).toMatch(/asynchronously/);
});

test("the table has a part a column: its share, and what it leaves alone", () => {
  const run = simulateRun(requests, server, slowedDown(server.cost, 0.1));
  const found = budget(errorBudget({ ...run, description }, server, run.steps));
  const rows = budgetTable([{ run: "a", budget: found }, { run: "b", budget: "no log" }]).objects();
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ run: "a", metric: "e2e_p50", "KV blocks": "0" });
  expect((rows[0] as Record<string, string>)["step cost"]).toMatch(/^−\d+\.\d\u00a0% \([+−]0\.\d/);
});
