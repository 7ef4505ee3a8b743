import { writeCsv } from "../csv/write-csv.ts";
import type { Run } from "./run.ts";

/** Options of {@link writeQueueDepthCsv}. */
export interface QueueDepthCsvOptions {
  /** Seconds between two looks at the queues. @default 1 */
  readonly everySeconds?: number;
}

/** When a request stopped waiting: handed over, or ended without that; Infinity: it never did. */
function leaving(run: Run, row: number): number {
  if (!Number.isNaN(run.start[row])) return run.start[row];
  return Number.isNaN(run.finish[row]) ? Infinity : run.finish[row];
}

/**
 * The text of the reference's `queue_depth.csv`: how many requests wait in each tier's queue, once a
 * second from 0 until all of them have left it. A request waits from its arrival up to, and no
 * longer at, the instant it is handed over; one that never arrived does not wait.
 * Columns: `elapsed_seconds`, `<tier>_queue` for each tier, `total_queue_size`.
 */
export function writeQueueDepthCsv(
  run: Run,
  { everySeconds = 1 }: QueueDepthCsvOptions = {},
): string {
  const { codes, names } = run.requests.tier;
  const queues = names.map((_, tier) => {
    const rows = run.arrival.keys()
      .filter((row) => codes[row] === tier && !Number.isNaN(run.arrival[row])).toArray();
    return {
      entered: Float64Array.from(rows, (row) => run.arrival[row]).sort(),
      left: Float64Array.from(rows, (row) => leaving(run, row)).sort(),
    };
  });
  const instants = queues.flatMap(({ entered, left }) => [
    entered.at(-1) ?? 0,
    left.findLast(Number.isFinite) ?? 0,
  ]);
  const looks = Math.ceil(Math.max(...instants) / everySeconds) + 1;
  const passed = queues.map(() => ({ entered: 0, left: 0 }));
  const data = Array.from({ length: looks }, (_, look) => {
    const now = look * everySeconds;
    const depths = queues.map(({ entered, left }, tier) => {
      const at = passed[tier];
      while (at.entered < entered.length && entered[at.entered] <= now) at.entered++;
      while (at.left < left.length && left[at.left] <= now) at.left++;
      return at.entered - at.left;
    });
    return [now, ...depths, depths.reduce((total, depth) => total + depth, 0)];
  });
  const fields = ["elapsed_seconds", ...names.map((tier) => `${tier}_queue`), "total_queue_size"];
  return writeCsv(fields, data);
}
