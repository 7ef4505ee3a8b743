/** Two ascending arrays as one ascending array. */
function mergeTwo(a: Float64Array, b: Float64Array): Float64Array {
  const merged = new Float64Array(a.length + b.length);
  let i = 0, j = 0, n = 0;
  while (i < a.length && j < b.length) merged[n++] = a[i] <= b[j] ? a[i++] : b[j++];
  if (i < a.length) merged.set(a.subarray(i), n);
  else merged.set(b.subarray(j), n);
  return merged;
}

/**
 * Ascending arrays as one ascending array: what sorting all their values together would give, in time
 * that grows with their length alone.
 *
 * @param sorted arrays without NaN, ascending each
 * @example
 * mergeSorted([Float64Array.of(1, 4), Float64Array.of(2)]); // 1, 2, 4
 */
export function mergeSorted(sorted: readonly Float64Array[]): Float64Array {
  return sorted.reduce(mergeTwo, new Float64Array(0));
}
