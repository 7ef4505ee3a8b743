import { afterAll, beforeAll, expect, test } from "vitest";
import { openTrace as openTraceOf } from "../../src/files/open-trace.ts";
import { writeMetricsCsv } from "../../src/paper/metrics/metrics-csv.ts";
import { runMetrics } from "../../src/paper/metrics/run-metrics.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import { readAny } from "../../src/runs/formats/read-any.ts";
import { simulate } from "../../src/paper/simulate.ts";
import { EVERY_FORMAT, EVERY_WRITER } from "../../src/traces/formats.ts";
import { openTrace } from "../../src/traces/open-trace.ts";
import { readTrace } from "../../src/traces/read-trace.ts";
import { burstGpt } from "../../src/workload/readers/formats/burstgpt.ts";
import type { TraceFormat } from "../../src/workload/readers/trace-format.ts";

const text = writeMetricsCsv(runMetrics(simulate(paperWorkload({ seed: 4, requests: 30 }))));
let path: string;
beforeAll(async () => {
  path = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(path, text);
});
afterAll(() => Deno.remove(path));

test("the paper's metrics.csv is read from text and from a file where all formats are together", async () => {
  for (const { workload, report } of [await readTrace(text), await openTrace(path)]) {
    expect(report.format).toBe("driftsched-metrics");
    expect(workload.requests.size).toBe(30);
  }
});

test("the rooms below do not know the paper's format unless it is passed", async () => {
  await expect(readAny(text)).rejects.toThrow("a trace in a known format");
  await expect(openTraceOf(path)).rejects.toThrow("a trace in a known format");
  const { report } = await openTraceOf(path, { formats: EVERY_FORMAT });
  expect(report.format).toBe("driftsched-metrics");
});

test("a format of one's own is passed in place of the list, or beside it", async () => {
  const own: TraceFormat = {
    ...burstGpt,
    name: "own",
    recognise: ({ text }) => text.startsWith("Mine,") ? "begins with Mine" : undefined,
  };
  const formats = [...EVERY_FORMAT, own];
  await expect(readTrace("Mine,1\n", { format: "own" })).rejects.toThrow("field format");
  await expect(readTrace("Mine,1\n", { formats })).rejects.toThrow("a column");
  expect((await readTrace(text, { formats })).report.format).toBe("driftsched-metrics");
});

test("names are unique, and what can be written can be read back", () => {
  const names = EVERY_FORMAT.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name } of EVERY_WRITER) expect(names).toContain(name);
});
