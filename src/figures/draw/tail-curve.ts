/** A point of a tail: the share of requests that are slower than `seconds`. */
export interface TailPoint {
  readonly share: number;
  readonly seconds: number;
}

/**
 * Where a share lies on a tail: between neighbouring points, linear in the logarithm of the share.
 *
 * @param curve shape (n), falling share
 * @returns a function that reads a value off the curve there; null beyond its last point
 */
export function atShare<P extends TailPoint>(
  curve: readonly P[],
  share: number,
): ((of: (point: P) => number) => number) | null {
  const after = curve.findIndex((point) => point.share <= share * (1 + 1e-9));
  if (after < 0) return null;
  const [b, a] = [curve[after], curve[Math.max(0, after - 1)]];
  const span = Math.log(a.share) - Math.log(b.share);
  const weight = span > 0 ? (Math.log(share) - Math.log(b.share)) / span : 0;
  return (of) => of(b) + weight * (of(a) - of(b));
}
