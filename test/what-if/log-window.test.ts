import { expect, test } from "vitest";
import { logWindow } from "../../src/what-if/log-window.ts";
import { burstGpt } from "../../src/workload/readers/formats/burstgpt.ts";
import { readWhole } from "../../src/workload/readers/read-trace.ts";

const HEADER =
  "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type";
const row = (at: number, elapsed: number, output: number) =>
  `${at},,${elapsed},GPT-4,${output && 5},${output},${output && output + 5},API log`;
const log = readWhole(
  burstGpt,
  [HEADER, row(10, 1, 7), row(11, 2, 0), row(12, 3, 8), row(13, 4, 0), row(20, 5, 9)].join("\n"),
  "b.csv",
);

test("a stretch takes requests, measured times and the unserved along, on a clock of its own", () => {
  const { workload, measured, unserved, report } = logWindow(log, { from: 2, to: 10 });
  expect([...workload.requests.arrival]).toEqual([0]);
  expect([...workload.truth.outputTokens]).toEqual([8]);
  expect([...measured!.finish!]).toEqual([3]);
  expect([...unserved!.requests.arrival]).toEqual([1]);
  expect([...unserved!.finish!]).toEqual([5]);
  expect(report.assumptions.at(-1)).toBe(
    "window from 2 s to 10 s, which starts at time 0: 1 of 3 requests",
  );
});

test("all of it is all of it", () => {
  const { workload, measured } = logWindow(log, {});
  expect(workload.requests.arrival).toEqual(log.workload.requests.arrival);
  expect(measured).toEqual(log.measured);
});
