import { expect, test } from "vitest";
import { simulate } from "../../src/paper/simulate.ts";
import { writeQueueDepthCsv } from "../../src/runs/queue-depth-csv.ts";
import type { Run } from "../../src/runs/run.ts";
import { paperWorkload } from "../../src/paper/workload.ts";

const simulated = simulate(paperWorkload({ seed: 2, requests: 6 }));

/** Six requests, all of them standard but the last, which is premium. */
function runWith(columns: Pick<Run, "arrival" | "start" | "finish">): Run {
  const tier = { codes: Uint8Array.of(1, 1, 1, 1, 1, 0), names: ["premium", "standard", "batch"] };
  return { ...simulated, ...columns, requests: { ...simulated.requests, tier } };
}

test("requests are counted from their arrival until they are handed over", () => {
  const run = runWith({
    arrival: Float64Array.of(0, 0.5, 1, 1.2, 2.5, 0.1),
    start: Float64Array.of(0.5, 2, 2, 2.1, 3.4, 1.5),
    finish: Float64Array.of(9, 9, 9, 9, 9, 9),
  });
  expect(writeQueueDepthCsv(run)).toBe([
    "elapsed_seconds,premium_queue,standard_queue,batch_queue,total_queue_size",
    "0,0,1,0,1",
    "1,1,2,0,3",
    "2,0,1,0,1",
    "3,0,1,0,1",
    "4,0,0,0,0",
    "",
  ].join("\n"));
});

test("a request that was never handed over waits until it ended, or for ever", () => {
  const run = runWith({
    arrival: Float64Array.of(0, 0, NaN, 0, 0, 0),
    start: Float64Array.of(1, NaN, NaN, NaN, 1, 1),
    finish: Float64Array.of(1, 2.5, NaN, NaN, 1, 1),
  });
  expect(writeQueueDepthCsv(run).split("\n").slice(1, -1)).toEqual([
    "0,1,4,0,5",
    "1,0,2,0,2",
    "2,0,2,0,2",
    "3,0,1,0,1",
  ]);
});

test("looks may be further apart", () => {
  const lines = writeQueueDepthCsv(simulated, { everySeconds: 5 }).trimEnd().split("\n");
  expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(
    lines.slice(1).map((_, look) => String(5 * look)),
  );
  expect(lines.at(-1)).toMatch(/,0,0,0,0$/);
});

test("the paper's run empties its queues twice: at the end of each phase", () => {
  const run = simulate(paperWorkload({ seed: 1 }));
  const totals = writeQueueDepthCsv(run).trimEnd().split("\n").slice(1)
    .map((line) => Number(line.split(",").at(-1)));
  expect(totals.at(-1)).toBe(0);
  const stress = Math.ceil(run.phaseStart[1]);
  expect(totals[stress - 2]).toBe(0);
  expect(Math.max(...totals.slice(stress))).toBeGreaterThan(1000);
});
