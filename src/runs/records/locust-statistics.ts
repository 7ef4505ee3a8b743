import Papa from "papaparse";
import { InputError } from "../../errors/input-error.ts";
import { delimiterOf } from "../../workload/readers/parsing/delimiter.ts";
import { hasColumns } from "../../workload/readers/parsing/head.ts";
import type { Fact, RecordFormat } from "./record.ts";

type Row = Readonly<Record<string, string>>;

/** Rows of a CSV file by the names of its header. Throws an InputError for a row of another width. */
function rowsOf(text: string, file: string): Row[] {
  const [first] = text.split("\n", 1);
  const { data, errors } = Papa.parse<string[]>(text, {
    delimiter: delimiterOf(first),
    skipEmptyLines: true,
  });
  const [header = [], ...rows] = data;
  if (errors.length > 0) {
    const row = (errors[0].row ?? 0) + 1;
    throw new InputError({ file, row, expected: `CSV: ${errors[0].message}` });
  }
  return rows.map((cells, at) => {
    if (cells.length === header.length) {
      return Object.fromEntries(header.map((name, column) => [name, cells[column]]));
    }
    const expected = `${header.length} cells, as in the header`;
    throw new InputError({ file, row: at + 2, value: cells.length, expected });
  });
}

/** A number of a cell; null for `N/A`, which Locust writes where there is none, and where it is absent. */
function numberAt(row: Row, column: string, file: string, at: number): number | null {
  const value = row[column];
  if (value === undefined || value === "" || value === "N/A") return null;
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw new InputError({ file, row: at + 2, field: column, value, expected: "a number, or N/A" });
}

const nameOf = ({ Type: type, Name: name }: Row) => [type, name].filter(Boolean).join(" ");
const isPercentile = (column: string) => /^[\d.]+%$/.test(column);

/** Percentiles of response times in the columns of a row, milliseconds. */
function percentilesOf(row: Row, file: string, at: number): Record<string, Fact> {
  return Object.fromEntries(
    Object.keys(row).filter(isPercentile)
      .map((column) => [`p${column.slice(0, -1)}`, numberAt(row, column, file, at)]),
  );
}

const INSTEAD = "Locust sums requests up: write one row a request from a listener of its event " +
  "`request`, with arrival, prompt and output tokens";

/**
 * Locust's `…_stats_history.csv`: every second or so, users, requests a second and percentiles of the
 * response times of late, by name. A response time is that of the whole answer where it is streamed to its
 * end, in milliseconds.
 *
 * Source: locustio/locust, `locust/stats.py`, `StatsCSVFileWriter`.
 */
export const locustHistoryRecord: RecordFormat = {
  name: "locust-history",
  title: "Locust's history of statistics",
  instead: INSTEAD,
  recognise: (head) =>
    hasColumns(head, ["Timestamp", "User Count", "Requests/s", "Total Request Count"])
      ? "header with Timestamp, User Count, Requests/s and Total Request Count"
      : undefined,
  describe(text, file) {
    const rows = rowsOf(text, file);
    const numbers = (column: string) =>
      rows.map((row, at) => numberAt(row, column, file, at)).filter((each) => each !== null);
    const most = (column: string) => numbers(column).reduce((a, b) => Math.max(a, b), 0);
    const times = numbers("Timestamp").sort((a, b) => a - b);
    const last = new Map(rows.map((row, at) => [nameOf(row), { row, at }]));
    return {
      rows: rows.length,
      span_s: times.length > 0 ? times[times.length - 1] - times[0] : 0,
      most_users: most("User Count"),
      most_requests_per_s: most("Requests/s"),
      at_the_end: Object.fromEntries(Array.from(last, ([name, { row, at }]) => [name, {
        requests: numberAt(row, "Total Request Count", file, at),
        failures: numberAt(row, "Total Failure Count", file, at),
        requests_per_s: numberAt(row, "Requests/s", file, at),
        response_times_ms: percentilesOf(row, file, at),
      }])),
    };
  },
};

/** Locust's `…_stats.csv`: the same over the whole run, one row a name. */
export const locustStatisticsRecord: RecordFormat = {
  name: "locust-statistics",
  title: "Locust's statistics of a run",
  instead: INSTEAD,
  recognise: (head) =>
    hasColumns(head, ["Type", "Name", "Request Count", "Failure Count", "Requests/s"])
      ? "header with Type, Name, Request Count, Failure Count and Requests/s"
      : undefined,
  describe(text, file) {
    return Object.fromEntries(
      rowsOf(text, file).map((row, at) => [nameOf(row), {
        requests: numberAt(row, "Request Count", file, at),
        failures: numberAt(row, "Failure Count", file, at),
        requests_per_s: numberAt(row, "Requests/s", file, at),
        mean_ms: numberAt(row, "Average Response Time", file, at),
        response_times_ms: percentilesOf(row, file, at),
      }]),
    );
  },
};
