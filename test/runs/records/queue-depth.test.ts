import { expect, test } from "vitest";
import { simulate } from "../../../src/paper/simulate.ts";
import { writeQueueDepthCsv } from "../../../src/runs/queue-depth-csv.ts";
import { queueDepthRecord, readQueueDepthCsv } from "../../../src/runs/records/queue-depth.ts";
import { paperWorkload } from "../../../src/paper/workload.ts";

const run = simulate(paperWorkload({ seed: 3, requests: 200 }));
const text = writeQueueDepthCsv(run);

test("what was written is read: every look, every tier", () => {
  const { depth, report } = readQueueDepthCsv(text, "q.csv");
  const rows = text.trimEnd().split("\n").slice(1).map((line) => line.split(",").map(Number));
  expect(report.rowsKept).toBe(rows.length);
  expect(depth.tiers.map(({ name }) => name)).toEqual(["premium", "standard", "batch"]);
  expect(rows.map((row) => row[0])).toEqual([...depth.elapsed]);
  depth.tiers.forEach(({ waiting }, tier) =>
    expect([...waiting]).toEqual(rows.map((row) => row[tier + 1]))
  );
  expect([...depth.total]).toEqual(rows.map((row) => row[4]));
  expect(queueDepthRecord.describe(text, "q.csv")).toMatchObject({
    rows: rows.length,
    most_waiting: Math.max(...rows.map((row) => row[4])),
  });
});

test("tiers of any name come back, one that a spreadsheet would run too", () => {
  const tier = { ...run.requests.tier, names: ["=1+1", "plain", "a,b"] };
  const other = writeQueueDepthCsv({ ...run, requests: { ...run.requests, tier } });
  expect(readQueueDepthCsv(other, "q.csv").depth.tiers.map(({ name }) => name))
    .toEqual(["=1+1", "plain", "a,b"]);
});

test.each([
  [
    "a total that is no sum",
    "elapsed_seconds,a_queue,total_queue_size\n0,1,2\n",
    "q.csv, row 2, field total_queue_size: got 2, expected the sum of the queues, 1",
  ],
  [
    "time that runs backwards",
    "elapsed_seconds,a_queue,total_queue_size\n5,1,1\n4,1,1\n",
    "q.csv, row 3, field elapsed_seconds: got 4, expected a time not before",
  ],
  [
    "a depth that is no count",
    "elapsed_seconds,a_queue,total_queue_size\n0,1e309,1\n",
    'q.csv, row 2, field a_queue: got "1e309", expected an integer',
  ],
  [
    "no queue",
    "elapsed_seconds,total_queue_size\n0,0\n",
    "expected a column <tier>_queue at least",
  ],
])("%s is refused", (_what, bad, message) => {
  expect(() => readQueueDepthCsv(bad, "q.csv")).toThrow(message);
});
