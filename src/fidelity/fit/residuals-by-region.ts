import { median } from "../../statistics/robust-regression.ts";
import type { FitReport } from "../../servers/costs/server-file.ts";

/** First batch size of each region. */
const STARTS = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256];

/**
 * Residuals by batch size and by whether the step prefills: how far off the fit is, where.
 *
 * @param rows terms of the linear model by step: hats over `knots`, context, prompt tokens, …
 * @param relative measured over fitted, minus 1
 */
export function residualsByRegion(
  rows: readonly Float64Array[],
  relative: Float64Array,
  knots: readonly number[],
): FitReport["residuals"] {
  const regions = new Map<string, { from: number; prefill: boolean; values: number[] }>();
  rows.forEach((row, i) => {
    const b = Math.round(knots.reduce((sum, knot, j) => sum + knot * row[j], 0));
    const from = STARTS.findLast((start) => start <= b)!;
    const prefill = row[knots.length + 1] > 0;
    const key = `${from} ${prefill}`;
    const region = regions.get(key) ?? { from, prefill, values: [] };
    region.values.push(relative[i]);
    regions.set(key, region);
  });
  const last = knots[knots.length - 1];
  return [...regions.values()]
    .sort((a, b) => Number(a.prefill) - Number(b.prefill) || a.from - b.from)
    .map(({ from, prefill, values }) => {
      const absolute = Float64Array.from(values, Math.abs).sort();
      const next = STARTS[STARTS.indexOf(from) + 1] ?? Infinity;
      return {
        sequences: [from, Math.min(next - 1, Math.max(last, from))],
        prefill,
        steps: values.length,
        median_pct: 100 * median(values),
        abs_median_pct: 100 * median(absolute),
        abs_p95_pct: 100 * absolute[Math.ceil(0.95 * absolute.length) - 1],
      };
    });
}
