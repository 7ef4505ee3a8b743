import Papa from "papaparse";
import * as z from "zod";
import { withFormula } from "../../csv/formula.ts";
import { InputError } from "../../errors/input-error.ts";
import { countColumn, secondsColumn } from "../../workload/readers/parsing/columns.ts";
import { CsvReader } from "../../workload/readers/parsing/csv-reader.ts";
import { Float64Builder, Int32Builder } from "../../workload/readers/parsing/builders.ts";
import { ReadLog } from "../../workload/readers/read-log.ts";
import type { ReadOptions } from "../../workload/readers/read-options.ts";
import type { ReadReport } from "../../workload/readers/read-report.ts";
import type { RecordFormat } from "./record.ts";

/** How many requests waited, look by look. Shape (n) each. */
export interface QueueDepth {
  /** Seconds since the run's start, non-decreasing. */
  readonly elapsed: Float64Array;
  /** Requests in the queue of each tier, in the order of the file's columns. */
  readonly tiers: readonly { readonly name: string; readonly waiting: Int32Array }[];
  readonly total: Int32Array;
}

const TIER = /^(.+)_queue$/s;

/**
 * Reads a `queue_depth.csv`, the reference's or our own: columns `elapsed_seconds`, one `<tier>_queue`
 * for each tier of any name, `total_queue_size`. A row whose total is not the sum of its queues, or
 * whose time is before that of an earlier row, is refused; see `ReadOptions`.
 *
 * @param file name of the file, for messages
 */
export function readQueueDepthCsv(
  text: string,
  file: string,
  { lenient = false }: ReadOptions = {},
): { readonly depth: QueueDepth; readonly report: ReadReport } {
  const log = new ReadLog(file, "queue-depth");
  const columns = tierColumns(text, file);
  const schema = z.strictObject({
    elapsed_seconds: secondsColumn("since the run's start"),
    ...Object.fromEntries(columns.map((column) => [column, countColumn("requests waiting")])),
    total_queue_size: countColumn("requests waiting in all"),
  });
  const elapsed = new Float64Builder();
  const waiting = columns.map(() => new Int32Builder());
  const total = new Int32Builder();
  let latest = 0;
  const csv = new CsvReader(schema, {
    log,
    take(values) {
      const [now, ...depths] = values;
      const all = depths.pop()!;
      const sum = depths.reduce((total, depth) => total + depth, 0);
      if (all !== sum) {
        const expected = `the sum of the queues, ${sum}`;
        return { field: "total_queue_size", value: all, expected };
      }
      if (now < latest) {
        const expected = `a time not before that of an earlier row, ${latest}`;
        return { field: "elapsed_seconds", value: now, expected };
      }
      latest = now;
      elapsed.push(now);
      depths.forEach((depth, tier) => waiting[tier].push(depth));
      total.push(all);
    },
  });
  csv.push(new TextEncoder().encode(text));
  csv.end();
  const report = log.finish({ lenient });
  return {
    depth: {
      elapsed: elapsed.finish(),
      tiers: columns.map((column, tier) => ({
        name: withFormula(TIER.exec(column)![1]),
        waiting: waiting[tier].finish(),
      })),
      total: total.finish(),
    },
    report,
  };
}

function tierColumns(text: string, file: string): string[] {
  const [first] = text.replace(/^\ufeff+/, "").split(/\r\n?|\n/, 1);
  const [header = []] = Papa.parse<string[]>(first, { delimiter: "," }).data;
  const columns = [...new Set(header.filter((name) => TIER.test(name)))];
  if (columns.length > 0) return columns;
  throw new InputError({ file, row: 1, value: first, expected: "a column <tier>_queue at least" });
}

/** `queue_depth.csv`, as a file that is described. */
export const queueDepthRecord: RecordFormat = {
  name: "queue-depth",
  title: "queue_depth.csv: requests waiting over time",
  recognise: ({ header }) =>
    header.includes("elapsed_seconds") && header.includes("total_queue_size")
      ? "header with elapsed_seconds and total_queue_size"
      : undefined,
  describe(text, source) {
    const { depth: { elapsed, tiers, total }, report } = readQueueDepthCsv(text, source);
    const most = (depths: Int32Array) => depths.reduce((most, each) => Math.max(most, each), 0);
    const mean = (depths: Int32Array) =>
      depths.reduce((sum, each) => sum + each, 0) / depths.length;
    return {
      rows: report.rowsKept,
      span_s: elapsed[elapsed.length - 1] - elapsed[0],
      most_waiting: most(total),
      mean_waiting: mean(total),
      tiers: Object.fromEntries(
        tiers.map(({ name, waiting }) => [
          name,
          { most_waiting: most(waiting), mean_waiting: mean(waiting) },
        ]),
      ),
    };
  },
};
