import { expect, test } from "vitest";
import { writeMetricsCsv } from "../../../src/paper/metrics/metrics-csv.ts";
import { runMetrics } from "../../../src/paper/metrics/run-metrics.ts";
import { simulate } from "../../../src/paper/simulate.ts";
import { failed, paper, run, tokens } from "../../runs/formats/support/failed-run.ts";
import { readTrace } from "../../../src/traces/read-trace.ts";

const text = writeMetricsCsv(runMetrics(failed, { epochSeconds: 1_764_000_000 }));

test("a metrics.csv is recognised, and its requests are those of the run", async () => {
  const { workload, measured, unserved, report } = await readTrace(text, { source: "metrics.csv" });
  expect(report).toMatchObject({ format: "driftsched-metrics", rowsRead: 150, rowsKept: 148 });
  const { requests, truth } = workload;
  const kept = [...run.status.keys()].filter((row) => row !== 2 && row !== 7);
  // The stress phase of the paper follows on the run's clock, so arrivals there are the run's.
  kept.forEach((row, i) => {
    expect(requests.arrival[i]).toBeCloseTo(run.arrival[row] - run.arrival[0], 5);
    expect(measured!.finish![i]).toBeCloseTo(run.finish[row] - run.arrival[0], 5);
  });
  expect([...requests.promptTokens]).toEqual(kept.map((row) => paper.requests.promptTokens[row]));
  expect([...truth.outputTokens]).toEqual(kept.map((row) => paper.truth.outputTokens[row]));
  expect([...requests.maxTokens]).toEqual(kept.map((row) => paper.requests.maxTokens[row]));
  expect(requests.tier.names).toEqual(["premium", "standard", "batch"]);
  expect(unserved!.status.names).toEqual(["failed", "cancelled"]);
  expect(report.assumptions.join("\n")).toMatch(
    /lengths are tokens[^]*columns that do not describe arrivals/,
  );
  const replayed = simulate(workload, { scheduler: { policy: "sjf", ...tokens } });
  expect(replayed.status.every((state) => state === 0)).toBe(true);
});

test("rows that cannot be are refused by field", async () => {
  const rows = text.split("\n");
  const cell = (field: string, value: string) => {
    const cells = rows[1].split(",");
    cells[rows[0].split(",").indexOf(field)] = value;
    return [rows[0], cells.join(","), ""].join("\n");
  };
  const read = (bad: string) => readTrace(bad, { source: "m.csv", format: "driftsched-metrics" });
  for (
    const [field, value, expected] of [
      ["queue_enter_time", "", "when the request arrived"],
      ["generated_tokens", "9999", "at most the cap"],
      ["generated_tokens", "9999999999", "an integer from 0 to 2147483647"],
      ["worker_start_time", "1e309", "seconds since 1970"],
      ["total_token_budget", "0", "more than estimated_output_tokens"],
    ]
  ) {
    await expect(read(cell(field, value))).rejects.toThrow(
      `m.csv, row 2, field ${field}: got "${value}", expected ${expected}`,
    );
  }
});
