/** No-break space: a number stays with its unit. */
const NBSP = "\u00a0";

/** A change given in percent, with its sign and one digit after the point: `+4.0 %`. */
export function signedPercent(change: number): string {
  return `${change >= 0 ? "+" : "−"}${Math.abs(change).toFixed(1)}${NBSP}%`;
}
