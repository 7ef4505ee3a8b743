import * as aq from "arquero";
import { beliefOf, believedCategory } from "../runs/beliefs.ts";
import type { Run } from "../runs/run.ts";
import { bootstrapMean } from "../statistics/bootstrap.ts";
import { groupRuns, type LabelledRun } from "./labelled-run.ts";

/** Factor of each category after each of the given numbers of learned requests. */
function factorsAt(run: Run, steps: readonly number[]): Float64Array[] {
  const { codes, names } = believedCategory(run);
  const learned = beliefOf(run, "factorAfter");
  const order = new Int32Array(run.size).fill(-1);
  for (let row = 0; row < run.size; row++) {
    if (run.feedbackPlace[row] >= 0) order[run.feedbackPlace[row]] = row;
  }
  const now = new Float64Array(names.length).fill(1);
  const taken = names.map(() => new Float64Array(steps.length));
  let place = 0;
  steps.forEach((step, s) => {
    for (; place < step && order[place] >= 0; place++) {
      now[codes[order[place]]] = learned[order[place]];
    }
    names.forEach((_, code) => taken[code][s] = now[code]);
  });
  return taken;
}

/** Options of {@link calibrationFactors}. */
export interface CalibrationFactorsOptions {
  /** Finished requests between two points. @default 50 */
  readonly every?: number;
}

/**
 * Calibration factor per category against the number of finished requests it was learned from, mean
 * over seeds with its interval. Columns: `counting`, `category`, `request` (finished requests),
 * `factor`, `low`, `high`.
 */
export function calibrationFactors(
  runs: readonly LabelledRun[],
  { every = 50 }: CalibrationFactorsOptions = {},
): aq.ColumnTable {
  const rows = groupRuns(runs, ({ counting }) => counting).flatMap((group) => {
    const { size } = group[0].run;
    const steps = Array.from({ length: Math.floor(size / every) + 1 }, (_, i) => i * every);
    const bySeed = group.map(({ run }) => factorsAt(run, steps));
    return believedCategory(group[0].run).names.flatMap((category, code) =>
      steps.map((request, s) => {
        const { effect, low, high } = bootstrapMean(bySeed.map((taken) => taken[code][s]));
        return { counting: group[0].counting, category, request, factor: effect, low, high };
      })
    );
  });
  return aq.from(rows);
}
