import { errorOverTime } from "../../src/analysis/error-over-time.ts";
import { estimateAgainstActual } from "../../src/analysis/estimate-against-actual.ts";
import { everyone } from "../../src/analysis/groups.ts";
import type { LabelledRun } from "../../src/analysis/labelled-run.ts";
import { latencyTail } from "../../src/analysis/latency-tail.ts";
import { queueDepth } from "../../src/analysis/queue-depth.ts";
import { simulate } from "../../src/paper/simulate.ts";
import * as figures from "../../src/figures/mod.ts";
import { paperWorkload } from "../../src/paper/workload.ts";

/** A figure as text. */
export interface DrawnFigure {
  readonly title: string;
  readonly svg: string;
  /** The numbers drawn. */
  readonly csv: string;
}

function labelledRuns(
  policies: readonly string[],
  calibrations: readonly string[],
): LabelledRun[] {
  return [1, 2].flatMap((seed) => {
    const workload = paperWorkload({ seed, requests: 400 });
    return policies.flatMap((policy) =>
      calibrations.map((calibration): LabelledRun => ({
        policy,
        calibration,
        counting: "split",
        seed,
        run: simulate(workload, {
          scheduler: { policy, estimator: { options: { calibrator: calibration } } },
        }),
      }))
    );
  });
}

/** Figures with lines, areas, dots, linear and log axes. Called in Deno and in a browser. */
export function coreFigures(): DrawnFigure[] {
  const contention = labelledRuns(["fifo", "sjf"], ["ema"]);
  const estimates = labelledRuns(["fifo"], ["none", "ema"]);
  return [
    figures.latencyTail(latencyTail(contention, { group: everyone })),
    figures.queueDepth(queueDepth(contention.filter(({ seed }) => seed === 1))),
    figures.errorOverTime(errorOverTime(estimates)),
    figures.estimateAgainstActual(estimateAgainstActual(estimates), { unit: "words" }),
  ].map(({ title, svg, table }) => ({ title, svg, csv: figures.tableToCsv(table) }));
}
