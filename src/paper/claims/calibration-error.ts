import { mean } from "../../statistics/quantile.ts";
import { CALIBRATION_OFF, CALIBRATION_ON } from "../policies.ts";
import type { Claim } from "./claim.ts";
import { paperPoliciesIn } from "./paper-policies-in.ts";

/**
 * C1 and C2 differ in the error they look at. Source: driftsched reference, "What it claims".
 */
function errorClaim(id: string, { error, name, paper }: {
  error: "mae" | "rmse";
  name: string;
  paper: number;
}): Claim {
  return {
    id,
    title: `Calibration lowers the ${name} of length estimates`,
    definition:
      `${name} over all requests with calibration on, relative to off, averaged over the schedulers`,
    paper,
    scale: "relative",
    threshold: paper / 2,
    direction: -1,
    effects(grid, { counting }) {
      const changes = paperPoliciesIn(grid).map((policy) => {
        const on = grid.values({ measure: error }, {
          policy,
          calibration: CALIBRATION_ON,
          counting,
        });
        const off = grid.values({ measure: error }, {
          policy,
          calibration: CALIBRATION_OFF,
          counting,
        });
        return grid.perSeed((seed) => on[seed] / off[seed] - 1);
      });
      return grid.perSeed((seed) => mean(changes.map((change) => change[seed])));
    },
  };
}

export const C1 = errorClaim("C1", { error: "mae", name: "mean absolute error", paper: -0.388 });
export const C2 = errorClaim("C2", {
  error: "rmse",
  name: "root mean squared error",
  paper: -0.405,
});
