/** Least length of a batch: times that share a finer grid are just rounded. */
const LEAST_BATCH = 1000;

/**
 * Length of the batches in which times were logged, in milliseconds: the largest number that divides
 * every one of them, where it is a second or more and some are equal. 0: there are no batches.
 *
 * @param times whole milliseconds
 */
export function batchMilliseconds(times: Float64Array): number {
  let divisor = 0;
  for (const time of times) divisor = greatestCommonDivisor(time, divisor);
  return divisor >= LEAST_BATCH && new Set(times).size < times.length ? divisor : 0;
}

/** The k-th of m equal times (in any place) moved by k/m of a batch, in the order of the file. */
export function spreadBatches(times: Float64Array, batch: number): Float64Array {
  const count = new Map<number, number>();
  for (const time of times) count.set(time, (count.get(time) ?? 0) + 1);
  const seen = new Map<number, number>();
  return times.map((time) => {
    const before = seen.get(time) ?? 0;
    seen.set(time, before + 1);
    return time + batch * before / count.get(time)!;
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
