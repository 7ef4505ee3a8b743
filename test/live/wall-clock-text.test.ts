import { expect, test } from "vitest";
import { loadLiveRun } from "../../src/files/load-recordings.ts";
import { wallClockText } from "../../src/live/wall-clock-text.ts";

test("lateness is in real time, latencies stand beside the simulation", async () => {
  const { run } = await loadLiveRun("sjf.window16");
  const spread = { p50: 0.02, p99: 0.2, max: 2 };
  const overhead = { schedule: spread, eventLoop: null };
  const timed = { run, progress: { states: { completed: 299 } }, overhead };
  expect(wallClockText(timed, { simulated: run, speed: 20 }).split("\n")).toEqual([
    "299 of 300 requests completed, at 20 times real time",
    "requests late against their schedule, real time: p50 1.0 ms, p99 10.0 ms, max 100.0 ms",
    "timers of the event loop late, real time: not measured",
    expect.stringMatching(/^E2E P50 (\S+) s, simulated \1 s$/),
    expect.stringMatching(/^E2E P99 (\S+) s, simulated \1 s$/),
    "mean difference of a request's E2E from the simulation: 0.0 %",
  ]);
});
