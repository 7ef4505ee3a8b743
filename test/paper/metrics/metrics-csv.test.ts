import fc from "fast-check";
import { expect, test } from "vitest";
import { simulate } from "../../../src/paper/simulate.ts";
import { InputError } from "../../../src/errors/input-error.ts";
import type { Metrics } from "../../../src/paper/metrics/metrics-columns.ts";
import { writeMetricsCsv } from "../../../src/paper/metrics/metrics-csv.ts";
import { readMetricsCsv } from "../../../src/paper/metrics/read-metrics-csv.ts";
import { runMetrics } from "../../../src/paper/metrics/run-metrics.ts";
import { paperWorkload } from "../../../src/paper/workload.ts";
import { beliefOf } from "../../../src/runs/beliefs.ts";
import type { Run } from "../../../src/runs/run.ts";
import type { Labels } from "../../../src/workload/workload.ts";
import { arbitraryRun } from "../../runs/arbitrary-run.ts";

const HEADER = "timestamp,scheduler_type,request_id,tenant_id,job_type,workload_category," +
  "priority_tier,batch_id,batch_size,total_token_budget,estimated_output_tokens," +
  "max_output_tokens,generated_tokens,queue_enter_time,worker_start_time,worker_finish_time," +
  "queue_wait_seconds,inference_seconds,end_to_end_seconds,latency_seconds,status," +
  "feedback_old_bias,feedback_measured_bias,feedback_new_bias,estimation_bias,base_tokens," +
  "safety_factor,input_factor";
const run = simulate(paperWorkload({ seed: 5, requests: 150 }), { scheduler: { policy: "sjf" } });
const text = writeMetricsCsv(runMetrics(run));

/** Labels as the names they stand for: a reader numbers them by appearance. */
function spelledOut({ columns }: Metrics): unknown {
  const isLabels = (column: unknown): column is Labels => "names" in (column as Labels);
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      isLabels(column) ? Array.from(column.codes, (code) => column.names[code]) : column,
    ]),
  );
}

test("the columns stand in the reference's order", () => {
  expect(text.slice(0, text.indexOf("\n"))).toBe(HEADER);
});

test("a row holds what happened to its request", () => {
  const cells = text.split("\n")[1 + 3].split(",");
  const row = Object.fromEntries(HEADER.split(",").map((name, at) => [name, cells[at]]));
  expect(row).toMatchObject({
    scheduler_type: "sjf",
    request_id: "3",
    tenant_id: run.requests.tenant.names[run.requests.tenant.codes[3]],
    job_type: run.requests.category.names[run.requests.category.codes[3]],
    status: "completed",
    generated_tokens: String(run.actualOutput[3]),
    max_output_tokens: String(run.requests.maxTokens[3]),
    timestamp: String(run.finish[3]),
    worker_finish_time: String(run.finish[3]),
    queue_wait_seconds: String(run.start[3] - run.arrival[3]),
    end_to_end_seconds: String(run.finish[3] - run.arrival[3]),
    estimation_bias: String(beliefOf(run, "factor")[3]),
  });
  expect(row.latency_seconds).toBe(row.inference_seconds);
});

test("an epoch moves the instants and leaves the durations as they were", () => {
  const { columns: at0 } = runMetrics(run);
  const { columns: later } = runMetrics(run, { epochSeconds: 1_800_000_000 });
  expect(later.queue_enter_time[7]).toBe(1_800_000_000 + run.arrival[7]);
  expect(later.timestamp).toEqual(later.worker_finish_time);
  expect(later.queue_wait_seconds).toEqual(at0.queue_wait_seconds);
  expect(later.latency_seconds).toEqual(at0.latency_seconds);
});

test("what never came is an empty cell", () => {
  const half = {
    ...run,
    status: run.status.with(0, 1),
    finish: run.finish.with(0, NaN),
    batch: run.batch.with(0, -1),
    actualOutput: run.actualOutput.with(0, -1),
  };
  const { columns } = readMetricsCsv(writeMetricsCsv(runMetrics(half)), "m.csv");
  expect(columns.status.names[columns.status.codes[0]]).toBe("failed");
  expect(columns.worker_finish_time[0]).toBeNaN();
  expect(columns.end_to_end_seconds[0]).toBeNaN();
  expect(columns.batch_id[0]).toBe("");
  expect(columns.generated_tokens[0]).toBe(-1);
});

/** The same run with estimates that a column of counts can hold, alone and with the prompt. */
function withCountableEstimates(run: Run): Run {
  const most = (row: number) => 2 ** 31 - 1 - Math.max(0, run.inputLength[row]);
  const estimatedOutput = run.estimatedOutput.map((length, row) =>
    Math.min(Math.max(0, length), most(row))
  );
  return { ...run, estimatedOutput };
}

test("writing and reading is the identity on any finite run, whatever its labels hold", () => {
  const finite = (values: Float64Array) => values.every((value) => Math.abs(value) !== Infinity);
  fc.assert(
    fc.property(arbitraryRun.map(withCountableEstimates), (run) => {
      const metrics = runMetrics(run);
      fc.pre(
        Object.values(metrics.columns).every((column) =>
          !(column instanceof Float64Array) || finite(column)
        ),
      );
      const text = writeMetricsCsv(metrics);
      const again = readMetricsCsv(text, "m.csv");
      expect(spelledOut(again)).toEqual(spelledOut(metrics));
      expect(writeMetricsCsv(again)).toBe(text);
    }),
    { numRuns: 100 },
  );
});

test("columns are found by name, after a byte order mark and with CRLF", () => {
  const reversed = text.trimEnd().split("\n").map((line) => line.split(",").reverse().join(","));
  const again = readMetricsCsv(`\ufeff${reversed.join("\r\n")}\r\n`, "m.csv");
  expect(spelledOut(again)).toEqual(spelledOut(readMetricsCsv(text, "m.csv")));
});

function messageOf(bad: string): string {
  try {
    readMetricsCsv(bad, "m.csv");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("was accepted");
}

/** The file with one cell changed: `row` counts the header as 1. */
function withCell(row: number, field: string, value: string): string {
  const lines = text.split("\n").map((line) => line.split(","));
  lines[row - 1][HEADER.split(",").indexOf(field)] = value;
  return lines.map((line) => line.join(",")).join("\n");
}

test.each<[string, string, string]>([
  [
    "text in a number column",
    withCell(4, "queue_wait_seconds", "soon"),
    'm.csv, row 4, field queue_wait_seconds: got "soon", expected a number, or nothing',
  ],
  [
    "a negative count",
    withCell(2, "batch_size", "-3"),
    'm.csv, row 2, field batch_size: got "-3", expected an integer from 0 to 2147483647, or nothing',
  ],
  [
    "a fraction for a count",
    withCell(9, "generated_tokens", "12.5"),
    'row 9, field generated_tokens: got "12.5"',
  ],
  [
    "a number too large",
    withCell(2, "timestamp", "1e309"),
    'row 2, field timestamp: got "1e309", expected a number',
  ],
  ["digits of another script", withCell(3, "batch_size", "٣"), "row 3, field batch_size"],
  ["a cell too many", withCell(3, "status", "completed,1"), 'row 3: got "29 cells", expected 28'],
  [
    "a missing column",
    text.replace("priority_tier", "tier"),
    "m.csv, row 1, field priority_tier: expected a column of this name",
  ],
  [
    "an unknown column",
    text.replace("priority_tier", "tier"),
    'm.csv, row 1: got "tier", expected a column of metrics.csv',
  ],
  [
    "a column that stands twice",
    text.replace("job_type,", "job_type,job_type,"),
    'm.csv, row 1: got "job_type", expected every column once',
  ],
  ["an empty line amid the rows", text.replace("\n", "\n\n"), 'row 2: got "1 cells"'],
  ["a quote that never ends", withCell(5, "tenant_id", '"premium'), "row 5: expected CSV"],
  ["an empty file", "", "m.csv, row 1"],
])("%s is refused by file, row, field, value and what was expected", (_case, bad, message) => {
  expect(messageOf(bad)).toContain(message);
});

test("a header without rows is a file of no requests", () => {
  expect(readMetricsCsv(`${HEADER}\n`, "m.csv").size).toBe(0);
});
