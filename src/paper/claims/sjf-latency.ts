import { CALIBRATION_ON, FIFO, SJF } from "../policies.ts";
import type { Claim } from "./claim.ts";

/** C3 and C4 differ in the quantile they look at. Source: driftsched reference, "What it claims". */
function sjfClaim(id: string, { statistic, name, paper }: {
  statistic: "p50" | "p99";
  name: string;
  paper: number;
}): Claim {
  return {
    id,
    title: `SJF lowers ${name} end-to-end latency against FIFO`,
    definition: `${name} E2E of SJF under sustained contention relative to FIFO, calibration on`,
    paper,
    scale: "relative",
    threshold: paper / 2,
    direction: -1,
    policies: Object.freeze([FIFO, SJF]),
    effects(grid, { counting, period }) {
      const of = (policy: string) =>
        grid.values({ measure: "e2e", statistic, phase: period }, {
          policy,
          calibration: CALIBRATION_ON,
          counting,
        });
      const sjf = of(SJF);
      const fifo = of(FIFO);
      return grid.perSeed((seed) => sjf[seed] / fifo[seed] - 1);
    },
  };
}

export const C3 = sjfClaim("C3", { statistic: "p50", name: "median", paper: -0.42 });
export const C4 = sjfClaim("C4", { statistic: "p99", name: "P99", paper: -0.16 });
