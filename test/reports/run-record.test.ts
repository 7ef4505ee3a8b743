import { expect, test } from "vitest";
import { RunRecord } from "../../src/reports/run-record.ts";
import { notebookOf, outputsOf } from "./notebook-of.ts";

const log = (text: string): [string, Record<string, unknown>] => [
  "stream",
  { name: "stdout", text },
];
const error = (evalue: string) => ({ ename: "Error", evalue, traceback: [`Error: ${evalue}`] });

function begun(...sources: string[]) {
  const record = new RunRecord(notebookOf(...sources));
  record.begin(record.cells[0]);
  return record;
}

test("the error that ends a cell stands last once, wherever the kernel sent it", () => {
  const record = begun("a");
  record.take(...log("1\n"));
  record.take("error", error("boom"));
  record.take(...log("2\n"));
  record.finish(error("boom"));
  expect(outputsOf(record.notebook)).toEqual([[
    { output_type: "stream", name: "stdout", text: "1\n2\n" },
    { output_type: "error", ...error("boom") },
  ]]);
  expect(record.failures).toMatchObject([{ cellId: "c1", kind: "error", evalue: "boom" }]);
});

test("an error that the kernel sent of a cell that ended well is a failure of that cell", () => {
  const record = begun("a");
  record.take("error", error("cannot show"));
  expect(record.failures).toEqual([]);
  record.finish(null);
  expect(record.failures).toMatchObject([{ cellId: "c1", kind: "error", evalue: "cannot show" }]);
});

test("a stray error goes to the cell it came from, or to the last one where that is unknown", () => {
  const record = begun("a", "b");
  record.finish(null);
  record.begin(record.cells[1]);
  const stray = { ...error("late"), kind: "unhandled rejection" };
  record.stray({ ...stray, executionCount: 1 });
  record.stray({ ...stray, executionCount: null });
  record.take(...log("still at work\n"));
  record.finish(null);
  expect(record.failures.map(({ cellId, evalue }) => [cellId, evalue])).toEqual([
    ["c1", "late (unhandled rejection)"],
    ["c2", "late (unhandled rejection)"],
  ]);
  const [, second] = outputsOf(record.notebook);
  expect(second.map((output) => output.output_type)).toEqual(["stream", "error"]);
});

test("abandon() shows what had failed before and then why the cell never ended", () => {
  const record = begun("a");
  record.stray({ ...error("early"), kind: "uncaught error", executionCount: 1 });
  record.abandon("time-out", error("too long"));
  expect(record.failures.map(({ kind }) => kind)).toEqual(["stray error", "time-out"]);
});
