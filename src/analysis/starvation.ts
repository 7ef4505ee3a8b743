import type { Run } from "../runs/run.ts";
import { quantileSorted } from "../workload/statistics/quantile.ts";

/** A request starves that waits this many times as long as half of the requests beside it. */
export const STARVED_MULTIPLE = 10;

/**
 * Seconds from arrival until a request is served: until its first token, wherever it queued for it,
 * at the gateway or inside the server; until its batch starts where answers come whole, as from a
 * micro-batch. Shape (rows), in row order; NaN for requests that were never served.
 */
export function waitToBeServed(run: Run, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => {
    const served = Number.isNaN(run.firstToken[row]) ? run.start[row] : run.firstToken[row];
    return served - run.arrival[row];
  });
}

/** Who waits extraordinarily among some requests. */
export interface Starvation {
  /** The longest wait to be served, seconds; NaN for no requests. */
  readonly longest: number;
  /** Share that waits more than {@link STARVED_MULTIPLE} times the median wait of `among`. */
  readonly starved: number;
}

/**
 * Starvation of some of the requests of a run. The yardstick is the median wait of all of `among`,
 * not of `rows`: a tier in which everybody waits long is starved by the others. Where everybody
 * waits, as in a deep overload, nobody starves.
 *
 * @param rows row numbers, some of `among`
 */
export function starvation(run: Run, rows: Int32Array, among: Int32Array): Starvation {
  const bar = STARVED_MULTIPLE * quantileSorted(waitToBeServed(run, among).sort(), 0.5);
  const waits = waitToBeServed(run, rows);
  let longest = waits.length > 0 ? -Infinity : NaN, over = 0;
  for (const wait of waits) {
    if (wait > longest) longest = wait;
    if (wait > bar) over++;
  }
  return { longest, starved: over / waits.length };
}
