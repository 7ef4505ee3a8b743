import { expect, test } from "vitest";
import { queueDepth } from "../../src/analysis/queue-depth.ts";
import type { LabelledRun } from "../../src/analysis/labelled-run.ts";
import type { Run } from "../../src/runs/run.ts";
import { STATUSES } from "../../src/runs/run.ts";
import { smallRun } from "./small-run.ts";

const labelled = (columns: Partial<Run>, policy = "fifo"): LabelledRun => ({
  ...{ run: smallRun(columns), policy, calibration: "ema", counting: "split", seed: 1 },
});

/** Depth of a tier at 0, 1, 2, … seconds. Requests 0 and 3 are premium, 1 and 4 standard, 2 and 5 batch. */
function depths(runs: readonly LabelledRun[], tier: string, points: number) {
  return (queueDepth(runs, { points }).objects() as {
    tier: string;
    seconds: number;
    depth: number;
  }[]).filter((row) => row.tier === tier).map(({ seconds, depth }) => [seconds, depth]);
}

const ARRIVAL = Float64Array.of(0, 0, 0, 1, 2, 2);

test("arrived and not yet handed over, tier by tier, until the last is", () => {
  const run = labelled({ arrival: ARRIVAL, start: Float64Array.of(2, 0, 1, 3, 4, 2) });
  expect(depths([run], "premium", 5)).toEqual([[0, 1], [1, 2], [2, 1], [3, 0], [4, 0]]);
  expect(depths([run], "standard", 5)).toEqual([[0, 0], [1, 0], [2, 1], [3, 1], [4, 0]]);
  expect(depths([run], "batch", 5)).toEqual([[0, 1], [1, 0], [2, 0], [3, 0], [4, 0]]);
});

test("a request that was cancelled while it waited leaves at its end, and nothing goes flat", () => {
  const status = new Uint8Array(6);
  status[3] = STATUSES.indexOf("cancelled");
  const run = labelled({
    status,
    arrival: ARRIVAL,
    start: Float64Array.of(2, 0, 1, NaN, 4, 2),
    finish: Float64Array.of(5, 5, 5, 3, 5, 5),
  });
  expect(depths([run], "premium", 5)).toEqual([[0, 1], [1, 2], [2, 1], [3, 0], [4, 0]]);
  // The other tiers are as they were.
  expect(depths([run], "standard", 5)).toEqual([[0, 0], [1, 0], [2, 1], [3, 1], [4, 0]]);
});

test("one that waits for ever waits until the last instant shown", () => {
  const run = labelled({
    arrival: ARRIVAL,
    start: Float64Array.of(2, 0, 1, NaN, 4, 2),
    finish: new Float64Array(6).fill(NaN),
  });
  expect(depths([run], "premium", 5)).toEqual([[0, 1], [1, 2], [2, 1], [3, 1], [4, 1]]);
});

test("the instants span all runs, and every arrival though nobody was ever served", () => {
  const never = new Float64Array(6).fill(NaN);
  const stuck = labelled({ arrival: ARRIVAL, start: never, finish: never }, "sjf");
  expect(depths([stuck], "batch", 3)).toEqual([[0, 1], [1, 1], [2, 2]]);
  const other = labelled({ arrival: ARRIVAL, start: ARRIVAL.map((at) => at + 2) });
  expect(depths([stuck, other], "batch", 3).map(([seconds]) => seconds)).toEqual([
    0,
    2,
    4,
    0,
    2,
    4,
  ]);
});

test("a request that never arrived never waited", () => {
  const nothing = Float64Array.of(0, NaN, 0, 1, NaN, 2);
  const run = labelled({ arrival: nothing, start: nothing, finish: nothing });
  expect(depths([run], "standard", 3)).toEqual([[0, 0], [1, 0], [2, 0]]);
});

test("at the last instant the last request has left, however the instants round", () => {
  for (const end of [0.1, 1 / 3, 1e6 / 7, 852.4100000000012]) {
    const run = labelled({ arrival: new Float64Array(6), start: new Float64Array(6).fill(end) });
    for (const points of [2, 7, 50, 240]) {
      expect(depths([run], "premium", points).at(-1)).toEqual([end, 0]);
    }
  }
});
