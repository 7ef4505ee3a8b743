import { mean } from "../../statistics/quantile.ts";
import { median } from "../../statistics/robust-regression.ts";
import type { FitReport } from "../../servers/costs/server-file.ts";

/** First batch size of each region. */
const STARTS = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Steps of a log in a region from which its mean there counts. */
const STEPS_NEEDED = 20;

/** How far each step strayed from the fit at the speed that its log had as a whole. */
export interface StrayedSteps {
  readonly relative: Float64Array;
  readonly logOf: readonly number[];
}

/**
 * Residuals by batch size and by whether the step prefills: how far off the fit is, where.
 *
 * @param rows terms of the linear model by step: hats over `knots`, context, prompt tokens, …
 * @param relative measured over fitted and the machine's drift, minus 1
 */
export function residualsByRegion(
  rows: readonly Float64Array[],
  relative: Float64Array,
  knots: readonly number[],
  { relative: strayed, logOf }: StrayedSteps,
): FitReport["residuals"] {
  const regions = new Map<string, { from: number; prefill: boolean; steps: number[] }>();
  rows.forEach((row, i) => {
    const b = Math.round(knots.reduce((sum, knot, j) => sum + knot * row[j], 0));
    const from = STARTS.findLast((start) => start <= b)!;
    const prefill = row[knots.length + 1] > 0;
    const key = `${from} ${prefill}`;
    const region = regions.get(key) ?? { from, prefill, steps: [] };
    region.steps.push(i);
    regions.set(key, region);
  });
  const last = knots[knots.length - 1];
  return [...regions.values()]
    .sort((a, b) => Number(a.prefill) - Number(b.prefill) || a.from - b.from)
    .map(({ from, prefill, steps }) => {
      const values = steps.map((i) => relative[i]);
      const absolute = Float64Array.from(values, Math.abs).sort();
      const next = STARTS[STARTS.indexOf(from) + 1] ?? Infinity;
      return {
        sequences: [from, Math.min(next - 1, Math.max(last, from))],
        prefill,
        steps: values.length,
        median_pct: 100 * median(values),
        abs_median_pct: 100 * median(absolute),
        abs_p95_pct: 100 * absolute[Math.ceil(0.95 * absolute.length) - 1],
        ...betweenLogs([...Map.groupBy(steps, (i) => logOf[i]).values()], strayed),
      };
    });
}

/** How far logs lie apart in a region, where two or more have been there for long enough. */
function betweenLogs(logs: readonly (readonly number[])[], strayed: Float64Array) {
  const means = logs.filter(({ length }) => length >= STEPS_NEEDED)
    .map((steps) => mean(steps.map((i) => strayed[i])));
  if (means.length < 2) return {};
  const centre = mean(means);
  const squares = means.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  return { between_logs_pct: 100 * Math.sqrt(squares / (means.length - 1)) };
}
