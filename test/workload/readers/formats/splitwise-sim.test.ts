import { expect, test } from "vitest";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { readTrace } from "../../../../src/traces/read-trace.ts";
import type { Labels } from "../../../../src/workload/workload.ts";

const FIXTURE = new URL("../../../fixtures/traces/splitwise-sim.csv", import.meta.url);
const namesOf = ({ codes, names }: Labels) => Array.from(codes, (code) => names[code]);

test("arrivals are seconds since the start, and applications are tenants", async () => {
  const { workload, report } = await openTrace(FIXTURE);
  expect(report).toMatchObject({ format: "splitwise-sim", rowsRead: 4, rowsKept: 3 });
  const { requests, truth } = workload;
  expect([...requests.arrival]).toEqual([0.125, 0.25, 1.5]);
  expect([...requests.promptTokens]).toEqual([374, 396, 879]);
  expect([...truth.outputTokens]).toEqual([44, 109, 55]);
  expect(namesOf(requests.tenant)).toEqual(["0", "1", "0"]);
  expect(report.setAside).toEqual([{ reason: "requests that go to no language model", rows: 1 }]);
  expect(report.columnsIgnored).toEqual(["request_id"]);
});

test("a row that stands for a batch of several is refused", async () => {
  const text = await Deno.readTextFile(FIXTURE);
  await expect(readTrace(text.replace("0.25,1,", "0.25,4,"), { source: "x" })).rejects.toThrow(
    "x, row 3, field batch_size: got 4, expected 1: the lengths of the others",
  );
});
