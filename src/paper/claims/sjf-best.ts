import { CALIBRATION_ON, PAPER_POLICIES, SJF } from "../policies.ts";
import type { Claim } from "./claim.ts";

const STATISTICS = ["mean", "p50", "p99"] as const;

/**
 * C5: a ranking; SJF has to lead in the mean, the median and the tail at once. Only the paper's five
 * are compared, whatever else a grid holds. Source: driftsched reference, "What it claims".
 */
export const C5: Claim = {
  id: "C5",
  title: "SJF is the best of the five policies overall",
  definition:
    "the largest, over mean, P50 and P99 of E2E under sustained contention, of SJF relative to the best other policy, calibration on",
  paper: null,
  scale: "relative",
  threshold: 0,
  direction: -1,
  policies: PAPER_POLICIES,
  effects(grid, { counting, period }) {
    const others = PAPER_POLICIES.filter((policy) => policy !== SJF);
    const perStatistic = STATISTICS.map((statistic) => {
      const of = (policy: string) =>
        grid.values({ measure: "e2e", statistic, phase: period }, {
          policy,
          calibration: CALIBRATION_ON,
          counting,
        });
      const sjf = of(SJF);
      const rest = others.map(of);
      return grid.perSeed((seed) =>
        sjf[seed] / Math.min(...rest.map((values) => values[seed])) - 1
      );
    });
    return grid.perSeed((seed) => Math.max(...perStatistic.map((values) => values[seed])));
  },
};
