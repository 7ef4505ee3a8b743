import type { Random } from "../../../random/substream.ts";
import { quantileSorted } from "../../../statistics/quantile.ts";

/** Least length of a batch: times that share a finer grid are just rounded. */
const LEAST_BATCH = 1000;
/** How far from a multiple of the batch a gap may be, in batches: logs wobble by a millisecond. */
const TOLERANCE = 0.01;
/** Gaps that must be near a multiple, of all. */
const REGULAR = 0.95;

/**
 * Length of the batches in which times were logged, in milliseconds, or 0 where they were not: some
 * requests share a time, and 95 % of the gaps between different times are within 1 % of a whole
 * number of batches. A batch is as long as the gaps about the one that a tenth of them do not
 * exceed (their median), and at least a second.
 */
export function batchMilliseconds(times: Float64Array): number {
  const distinct = distinctTimes(times);
  if (distinct.length === times.length || distinct.length < 3) return 0;
  const gaps = distinct.subarray(1).map((time, i) => time - distinct[i]);
  const sorted = gaps.toSorted();
  const tenth = sorted[Math.floor(0.1 * sorted.length)];
  const batch = quantileSorted(sorted.filter((gap) => Math.round(gap / tenth) === 1), 0.5);
  if (batch < LEAST_BATCH) return 0;
  const regular = gaps.filter((gap) =>
    Math.abs(gap / batch - Math.round(gap / batch)) <= TOLERANCE
  );
  return regular.length >= REGULAR * gaps.length ? batch : 0;
}

/**
 * Equal times (in any place), from 0, spread over the batch, or over the time to the next batch where
 * that is sooner. The order of the file stays.
 *
 * @param random where m requests of a batch come: as m that came at any time in it; absent: the k-th is
 *   moved by k/m, and nothing is drawn
 */
export function spreadBatches(times: Float64Array, batch: number, random?: Random): Float64Array {
  const distinct = distinctTimes(times);
  const length = new Map(
    Array.from(
      distinct,
      (time, i) => [time, Math.min(batch, (distinct[i + 1] ?? Infinity) - time)],
    ),
  );
  const count = new Map<number, number>();
  for (const time of times) count.set(time, (count.get(time) ?? 0) + 1);
  const parts = new Map<number, Float64Array>();
  if (random !== undefined) {
    for (const time of distinct) {
      const drawn = Float64Array.from({ length: count.get(time)! }, () => random.next());
      parts.set(time, drawn.sort());
    }
  }
  const seen = new Map<number, number>();
  return times.map((time) => {
    const before = seen.get(time) ?? 0;
    seen.set(time, before + 1);
    return time + length.get(time)! * (parts.get(time)?.[before] ?? before / count.get(time)!);
  });
}

function distinctTimes(times: Float64Array): Float64Array {
  return times.toSorted().filter((time, i, sorted) => i === 0 || time !== sorted[i - 1]);
}
