import { mean } from "../../statistics/quantile.ts";
import { median } from "../../statistics/robust-regression.ts";
import { betweenLogs } from "./between-logs.ts";
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
 * @param relative measured over fitted and the machine's drift, minus 1
 * @param largest batch of all
 */
export function residualsByRegion(
  steps: readonly { readonly sequences: number; readonly prefill: boolean }[],
  relative: Float64Array,
  largest: number,
  { relative: strayed, logOf }: StrayedSteps,
): FitReport["residuals"] {
  const regions = new Map<string, { from: number; prefill: boolean; steps: number[] }>();
  steps.forEach(({ sequences, prefill }, i) => {
    const from = STARTS.findLast((start) => start <= sequences)!;
    const key = `${from} ${prefill}`;
    const region = regions.get(key) ?? { from, prefill, steps: [] };
    region.steps.push(i);
    regions.set(key, region);
  });
  return [...regions.values()]
    .sort((a, b) => Number(a.prefill) - Number(b.prefill) || a.from - b.from)
    .map(({ from, prefill, steps }) => {
      const values = steps.map((i) => relative[i]);
      const absolute = Float64Array.from(values, Math.abs).sort();
      const next = STARTS[STARTS.indexOf(from) + 1] ?? Infinity;
      return {
        sequences: [from, Math.min(next - 1, Math.max(largest, from))],
        prefill,
        steps: values.length,
        median_pct: 100 * median(values),
        abs_median_pct: 100 * median(absolute),
        abs_p95_pct: 100 * absolute[Math.ceil(0.95 * absolute.length) - 1],
        ...apartIn([...Map.groupBy(steps, (i) => logOf[i]).values()], strayed),
      };
    });
}

/** How far logs lie apart in a region, where two or more have been there for long enough. */
function apartIn(logs: readonly (readonly number[])[], strayed: Float64Array) {
  const means = logs.filter(({ length }) => length >= STEPS_NEEDED)
    .map((steps) => mean(steps.map((i) => strayed[i])));
  if (means.length < 2) return {};
  return { between_logs_pct: 100 * betweenLogs(means) };
}
