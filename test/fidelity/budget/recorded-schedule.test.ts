import { expect, test } from "vitest";
import {
  type RecordedSchedule,
  recordedSchedule,
} from "../../../src/fidelity/budget/recorded-schedule.ts";
import { recordedTimeline } from "../../../src/fidelity/budget/recorded-timeline.ts";
import { recordedClientTimes } from "../../../src/fidelity/budget/recorded-client.ts";
import { loadCpuRecording } from "../../../src/files/load-recordings.ts";

async function scheduled(name: string) {
  const recording = await loadCpuRecording(name);
  const schedule = recordedSchedule(
    recording.requests,
    recording.steps,
    recording.description.server,
  );
  if (typeof schedule === "string") throw new Error(`${name}: ${schedule}`);
  return { ...recording, schedule };
}

test.each([
  "ds_l3.fcfs32",
  "ds_l5_sjf.prio16",
  "ds_l5.fcfs32.kv2560",
  "ds_burst.client16.priority",
  "azure.fcfs32.mbt512",
])(
  "%s: every iteration of the log is told apart by request, and the client saw the same",
  async (name) => {
    const { requests, steps, schedule } = await scheduled(name);
    const client = recordedClientTimes(requests);
    const { start, end } = recordedTimeline(requests, schedule, { seconds: steps.seconds, client });
    for (let i = 1; i < end.length; i++) expect(start[i]).toBeGreaterThanOrEqual(end[i - 1]);
    // Ends of iterations against what the client measured: within the hundredths that its way takes.
    const off = (steps: Int32Array, times: Float64Array) =>
      Float64Array.from(steps, (step, row) => Math.abs(end[step] - times[row])).sort();
    for (
      const errors of [
        off(schedule.first, requests.firstToken),
        off(schedule.last, requests.finish),
      ]
    ) {
      expect(errors[Math.floor(0.95 * errors.length)]).toBeLessThan(0.12);
    }
  },
);

test("what was computed in all: each prompt once, and after a preemption again", async () => {
  const { requests, schedule } = await scheduled("ds_l5.fcfs32.kv2560");
  const prompts = requests.promptTokens.reduce((sum, each) => sum + each, 0);
  const computed = schedule.prefillTokens.reduce((sum, each) => sum + each, 0);
  expect(schedule.preemptions).toBeGreaterThan(100);
  expect(computed).toBeGreaterThan(prompts + schedule.preemptions);
  const { schedule: without } = await scheduled("ds_l5.fcfs16");
  expect(without.preemptions).toBe(0);
  expect(without.prefillTokens.reduce((sum, each) => sum + each, 0)).toBe(prompts);
});

test("by hand: a prompt cut by the budget, two sequences that decode, an idle server", () => {
  const requests = {
    size: 3,
    id: ["0", "1", "2"],
    arrival: Float64Array.of(0, 0, 9),
    promptTokens: Int32Array.of(6, 5, 3),
    outputTokens: Int32Array.of(3, 1, 2),
    priority: new Int32Array(3),
    tier: new Uint8Array(3),
    firstToken: Float64Array.of(1, 2, 10),
    finish: Float64Array.of(3, 2, 11),
  };
  const steps = {
    ...{ source: "by hand", size: 5, refused: 0, otherLines: 0 },
    decoding: Int32Array.of(0, 1, 1, 0, 1),
    context: new Float64Array(5),
    prefilling: Int32Array.of(2, 1, 0, 1, 0),
    prefillTokens: Int32Array.of(8, 3, 0, 3, 0),
    ...{ prefillPairs: new Float64Array(5), recomputes: new Uint8Array(5) },
    ...{ seconds: new Float64Array(5).fill(1), printedAt: new Float64Array(5).fill(NaN) },
  };
  const flags = { scheduling_policy: "fcfs", max_num_batched_tokens: 8 } as const;
  const found = recordedSchedule(requests, steps, flags) as RecordedSchedule;
  expect(Array.from(found.admitted)).toEqual([0, 0, 3]);
  expect(Array.from(found.first)).toEqual([0, 1, 3]);
  expect(Array.from(found.last)).toEqual([2, 1, 4]);
  // Request 0 holds its prompt and the tokens made: 7, then 8; request 2 holds 4.
  expect(Array.from(found.context)).toEqual([0, 7, 8, 0, 4]);
  // 6 tokens of one prompt and 2 of another; then 3 more, each with the 2 before it.
  expect(Array.from(found.prefillPairs)).toEqual([21 + 3, 3 * 2 + 6, 0, 6, 0]);
  expect(Array.from(found.fromIdle)).toEqual([1, 0, 0, 1, 0]);
  const short = { ...steps, size: 4 };
  expect(recordedSchedule(requests, short, flags)).toMatch(
    /ends before 1 of the recorded requests/,
  );
  const wrong = { ...steps, prefillTokens: Int32Array.of(8, 4, 0, 3, 0) };
  expect(recordedSchedule(requests, wrong, flags)).toMatch(/iteration 2 .* no recorded prompts/);
});
