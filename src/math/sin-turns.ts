import { horner } from "./horner.ts";

/** 1/1!, −1/3!, 1/5!, …: sin r = r(1 − r²/3! + …), enough for |r| ≤ π/2. */
const TAYLOR = (() => {
  const coefficients: number[] = [];
  let factorial = 1;
  for (let k = 0; k < 13; k++) {
    if (k > 0) factorial *= (2 * k) * (2 * k + 1);
    coefficients.push((k % 2 === 0 ? 1 : -1) / factorial);
  }
  return coefficients;
})();

/**
 * Sine of an angle in turns: sin(2πx), exact at multiples of a quarter, else with an error of a few
 * units in the last place of 1, and the same bits on every machine.
 */
export function sinTurns(x: number): number {
  const part = x - Math.round(x);
  const folded = Math.abs(part) > 0.25 ? Math.sign(part) * 0.5 - part : part;
  if (Math.abs(folded) === 0.25) return Math.sign(folded);
  const r = 2 * Math.PI * folded;
  return r * horner(TAYLOR, r * r);
}
