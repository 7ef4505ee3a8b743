import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

const FIXTURE = new URL("../../../fixtures/traces/multi-round-qa.csv", import.meta.url);
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);
const rounded = (times: Float64Array) => [...times].map((time) => Number(time.toFixed(6)));

test("each round is a request of its user's conversation", async () => {
  const { workload, measured, report } = await openTrace(FIXTURE);
  expect(report).toMatchObject({ format: "multi-round-qa", rowsRead: 4, rowsKept: 3 });
  const { requests, truth } = workload;
  expect(rounded(requests.arrival)).toEqual([0, 0.5, 10]);
  // A TTFT of 0 is none.
  expect(rounded(measured!.firstToken!)).toEqual([0.25, NaN, 10.125]);
  expect(report.assumptions.join()).toContain(
    "the first token is unknown of 1 answers that came in one",
  );
  expect(rounded(measured!.finish!)).toEqual([2, 1, 11.625]);
  expect([...requests.promptTokens]).toEqual([1200, 1100, 1350]);
  expect([...truth.outputTokens]).toEqual([100, 3, 100]);
  expect(namesOf(requests.session!)).toEqual(["1", "3", "1"]);
  expect(namesOf(requests.tenant)).toEqual(["1", "3", "1"]);
  expect([...requests.extra!.question_id as Float64Array]).toEqual([1, 1, 2]);
  expect(report.setAside).toEqual([{ reason: "requests without an answer", rows: 1 }]);
});

test("the index of pandas, other delimiters and a missing finish change nothing", async () => {
  const text = await Deno.readTextFile(FIXTURE);
  const lines = text.trim().split("\n");
  const indexed = lines.map((line, at) => `${at === 0 ? "" : at - 1},${line}`).join("\n");
  const tabs = text.replaceAll(",", "\t");
  const bare = lines.map((line) => line.slice(0, line.lastIndexOf(","))).join("\n");
  for (const each of [indexed, tabs, bare]) {
    const { measured, report } = await readTrace(each);
    expect(report).toMatchObject({ format: "multi-round-qa", rowsKept: 3 });
    expect(rounded(measured!.finish!)).toEqual([2, 1, 11.625]);
  }
});

test("a finish before the first token is refused", async () => {
  const text = await Deno.readTextFile(FIXTURE);
  await expect(readTrace(text.replace("1759813209.5", "1759813207.6"), { source: "x" }))
    .rejects.toThrow("x, row 2, field finish_time: got 1759813207.6, expected at least ttft");
});
