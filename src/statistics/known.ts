/**
 * The values without NaN, in their order, in an array of its own. NaN stands for an instant that never
 * came (a request that was never sent, never finished, or has no first token); it sorts last, and a
 * maximum, a mean or a quantile with it is NaN. Whatever summarises instants or latencies takes it out
 * with this first.
 *
 * @example
 * known(Float64Array.of(3, NaN, 1)).sort(); // 1, 3
 */
export function known(values: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const kept = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) kept[n++] = values[i];
  }
  return kept.subarray(0, n);
}

/** The greatest of the values, NaN left out; NaN where none is left. */
export function greatest(values: ArrayLike<number>): number {
  let most = NaN;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > most || Number.isNaN(most)) most = values[i];
  }
  return most;
}
