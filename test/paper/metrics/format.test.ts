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

/** The file with some cells of one row in place of its own. */
function withCells(row: number, cells: Readonly<Record<string, string>>): string {
  const rows = text.split("\n").map((line) => line.split(","));
  for (const [field, value] of Object.entries(cells)) rows[row][rows[0].indexOf(field)] = value;
  return rows.map((line) => line.join(",")).join("\n");
}

test("instants out of order are refused by row and field", async () => {
  const read = (cells: Record<string, string>) =>
    readTrace(withCells(5, cells), { source: "m.csv" });
  await expect(read({ worker_start_time: "1764009999" })).rejects.toThrow(
    /m\.csv, row 6, field worker_finish_time: got "\d+\.\d+", expected at least worker_start_time, 1764009999 s/,
  );
  await expect(read({ worker_start_time: "1763999999" })).rejects.toThrow(
    'm.csv, row 6, field worker_start_time: got "1763999999", expected at least queue_enter_time',
  );
});

test("a failed request whose arrival is 0 or missing moves nobody", async () => {
  const { workload } = await readTrace(text);
  for (const at of ["0", ""]) {
    const status = { status: "failed", queue_enter_time: at, worker_start_time: "" };
    const bad = await readTrace(withCells(5, { ...status, worker_finish_time: "" }));
    expect(bad.workload.requests.size).toBe(workload.requests.size - 1);
    expect(bad.workload.requests.arrival[0]).toBe(0);
    expect(bad.workload.requests.arrival.at(-1)).toBe(workload.requests.arrival.at(-1));
    expect(bad.report.assumptions.join()).toContain("have no usable time");
  }
});
