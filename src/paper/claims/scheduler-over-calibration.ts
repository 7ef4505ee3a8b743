import { CALIBRATION_OFF, CALIBRATION_ON, FIFO } from "../policies.ts";
import type { Claim } from "./claim.ts";
import { paperPoliciesIn } from "./paper-policies-in.ts";

/**
 * C6: what the choice of a scheduler moves against what calibration moves, on one scale. Source:
 * driftsched reference, "What it claims".
 */
export const C6: Claim = {
  id: "C6",
  title: "The choice of scheduler moves latency more than calibration does",
  definition:
    "largest relative change of median E2E from FIFO to another policy (calibration on), minus the largest change from calibration off to on within a policy",
  paper: null,
  scale: "difference",
  threshold: 0,
  direction: 1,
  policies: Object.freeze([FIFO]),
  effects(grid, { counting, period }) {
    const of = (policy: string, calibration: string) =>
      grid.values({ measure: "e2e", statistic: "p50", phase: period }, {
        policy,
        calibration,
        counting,
      });
    const policies = paperPoliciesIn(grid);
    const on = policies.map((policy) => of(policy, CALIBRATION_ON));
    const off = policies.map((policy) => of(policy, CALIBRATION_OFF));
    const fifo = of(FIFO, CALIBRATION_ON);
    return grid.perSeed((seed) => {
      const byScheduler = on.map((values) => Math.abs(values[seed] / fifo[seed] - 1));
      const byCalibration = on.map((values, i) => Math.abs(values[seed] / off[i][seed] - 1));
      return Math.max(...byScheduler) - Math.max(...byCalibration);
    });
  },
};
