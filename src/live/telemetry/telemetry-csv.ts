import Papa from "papaparse";
import { withFormula } from "../../csv/formula.ts";
import { writeCsv } from "../../csv/write-csv.ts";
import { InputError } from "../../errors/input-error.ts";
import { NVIDIA_SMI_FIELDS, parseNvidiaSmiLine } from "./gpu-sample.ts";
import { GpuRecorder, type GpuSeries } from "./gpu-series.ts";
import { COUNTERS, GAUGES } from "./names.ts";
import type { ServerSeries } from "./server-series.ts";

/** Column names as everywhere in files: `kvUsage` is `kv_usage`. */
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The text of `server_telemetry.csv`: a row a scrape, servers one after the other. Columns `time_s`
 * (the run's clock), `server`, `up`, `restarts`, then {@link GAUGES} and, counted since the first
 * scrape, {@link COUNTERS}. Empty cells: not known.
 */
export function writeServerTelemetryCsv(servers: readonly ServerSeries[]): string {
  const gauges = Object.keys(GAUGES) as (keyof typeof GAUGES)[];
  const counters = Object.keys(COUNTERS) as (keyof typeof COUNTERS)[];
  const fields = ["time_s", "server", "up", "restarts", ...[...gauges, ...counters].map(snake)];
  const data = servers.flatMap((series) =>
    Array.from(series.time, (time, row) => [
      time,
      series.server,
      series.up[row],
      series.restarts[row],
      ...gauges.map((name) => series.gauges[name][row]),
      ...counters.map((name) => series.counters[name][row]),
    ])
  );
  return writeCsv(fields, data);
}

/**
 * The text of the reference system's `telemetry.csv`, {@link NVIDIA_SMI_FIELDS} and a last column
 * `time_s` with the run's clock. Empty cells: not known.
 */
export function writeGpuTelemetryCsv(series: GpuSeries): string {
  const data = Array.from(series.time, (time, row) => [
    series.timestamp[row],
    series.index[row],
    series.name.names[series.name.codes[row]],
    series.temperature[row],
    series.power[row],
    series.pstate.names[series.pstate.codes[row]],
    series.smClock[row],
    series.memoryClock[row],
    series.utilization[row],
    series.memoryUtilization[row],
    series.memoryUsed[row],
    series.memoryTotal[row],
    time,
  ]);
  return writeCsv([...NVIDIA_SMI_FIELDS, "time_s"], data);
}

/** Seconds since 1970 of nvidia-smi's `2026/05/01 12:00:00.123`, taken as UTC: differences matter. */
function instantOf(timestamp: string): number {
  const match = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d(?:\.\d+)?)$/.exec(timestamp.trim());
  if (match === null) return NaN;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute) / 1000 + second;
}

/**
 * Reads a `telemetry.csv`: ours, the reference system's, or nvidia-smi's own with units in the header.
 * Times are `time_s`, or else seconds since the first row. Throws an InputError for a file without
 * the fields and for a row that can't be read.
 */
export function readGpuTelemetryCsv(text: string, source: string): GpuSeries {
  const [header = [], ...rows] = Papa.parse<string[]>(text, {
    delimiter: ",",
    skipEmptyLines: true,
  }).data;
  const names = header.map((name) => name.trim().replace(/ \[.*\]$/, ""));
  const missing = NVIDIA_SMI_FIELDS.filter((field) => !names.includes(field));
  if (missing.length > 0) {
    throw new InputError({
      file: source,
      row: 1,
      value: header.join(","),
      expected: `a header with ${missing.join(", ")}`,
    });
  }
  const recorder = new GpuRecorder();
  const clock = names.indexOf("time_s");
  let first = NaN;
  rows.forEach((cells, i) => {
    const line = Papa.unparse([
      NVIDIA_SMI_FIELDS.map((field) => withFormula(cells[names.indexOf(field)] ?? "")),
    ]);
    const sample = parseNvidiaSmiLine(line, `${source}, row ${i + 2}`);
    const instant = clock >= 0 ? Number(cells[clock] || NaN) : instantOf(sample.timestamp);
    if (Number.isNaN(instant)) {
      throw new InputError({
        file: source,
        row: i + 2,
        field: clock >= 0 ? "time_s" : "timestamp",
        value: clock >= 0 ? cells[clock] : sample.timestamp,
        expected: clock >= 0 ? "a number of seconds" : "a time like 2026/05/01 12:00:00.123",
      });
    }
    if (i === 0) first = clock >= 0 ? 0 : instant;
    recorder.add(instant - first, sample);
  });
  return recorder.finish();
}
