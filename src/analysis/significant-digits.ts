/** A number in so many significant digits, with a true minus; a dash where there is none. */
export function significantDigits(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}
