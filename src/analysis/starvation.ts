import type { Run } from "../runs/run.ts";
import { greatest } from "../statistics/known.ts";

/** A request starves that so many others overtake: they arrived after it and were served before it. */
export const STARVED_OVERTAKEN = 100;

/**
 * When requests were served, seconds since the run's start: at their first token, wherever they queued
 * for it, at the gateway or inside the server; at the start of their batch where answers come whole, as
 * from a micro-batch. Shape (rows), in row order; NaN for requests that were never served.
 */
export function servedAt(run: Run, rows: Int32Array): Float64Array {
  return Float64Array.from(
    rows,
    (row) => Number.isNaN(run.firstToken[row]) ? run.start[row] : run.firstToken[row],
  );
}

/**
 * By how many each request was overtaken: others of the rows that arrived later and were served
 * earlier, equal instants not counted. Shape (rows). Under FIFO it is 0 for all, whatever the load;
 * a scheduler without starvation bounds it ("bounded bypass").
 *
 * @param rows row numbers in order of arrival
 */
export function overtaken(run: Run, rows: Int32Array): Int32Array {
  const served = servedAt(run, rows);
  const ascending = Float64Array.from(served).sort();
  const rankOf = new Map<number, number>();
  ascending.forEach((at) => {
    if (!rankOf.has(at)) rankOf.set(at, rankOf.size + 1);
  });
  // A Fenwick tree over the ranks of those who arrived later.
  const later = new Int32Array(rankOf.size + 1);
  const counts = new Int32Array(rows.length);
  for (let i = rows.length - 1; i >= 0; i--) {
    const rank = rankOf.get(served[i])!;
    for (let at = rank - 1; at > 0; at -= at & -at) counts[i] += later[at];
    for (let at = rank; at < later.length; at += at & -at) later[at]++;
  }
  return counts;
}

/** How long some requests wait, and how many of them starve. */
export interface Starvation {
  /** The longest time from arrival until served, seconds; NaN where nobody was served. */
  readonly longest: number;
  /** Share that {@link STARVED_OVERTAKEN} or more overtook; whoever was never served counts too. */
  readonly starved: number;
}

/**
 * Starvation by groups of a run's requests, counted among all of `among`: most of those that overtake
 * a tier are of other tiers.
 *
 * @param among row numbers in order of arrival
 * @param groups row numbers, all of them in `among`
 */
export function starvation(
  run: Run,
  among: Int32Array,
  groups: readonly Int32Array[],
): Starvation[] {
  const starves = new Uint8Array(run.size);
  overtaken(run, among).forEach((count, i) => {
    if (count >= STARVED_OVERTAKEN) starves[among[i]] = 1;
  });
  return groups.map((rows) => {
    const longest = greatest(servedAt(run, rows).map((at, i) => at - run.arrival[rows[i]]));
    const starved = rows.reduce((count, row) => count + starves[row], 0);
    return { longest, starved: starved / rows.length };
  });
}
