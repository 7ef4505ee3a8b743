import type { LoggedSteps } from "./fit/logged-steps.ts";
import { mixedTimes } from "../servers/costs/mixed-step.ts";
import { priceLoads } from "../servers/costs/price-loads.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";

/**
 * How much slower the machine ran during a log than `stepSeconds` says, as a share: 0.05 for 5 %.
 * Steps in which a preempted request recomputes, and batches that the cost doesn't know, are left out.
 *
 * @param stepSeconds cost of the steps as the log times them, without what lies between them
 */
export function machineSlowness(log: LoggedSteps, stepSeconds: StepCost): number {
  let measured = 0, expected = 0;
  const priced = priceLoads(stepSeconds, log);
  for (let i = 0; i < log.size; i++) {
    if (log.recomputes[i] || Number.isNaN(priced[i])) continue;
    measured += log.seconds[i];
    expected += priced[i];
  }
  return expected > 0 ? measured / expected - 1 : 0;
}

/** The same server on a machine slower by a share; the front end as it was. */
export function slowedDown(cost: StepCost, share: number): StepCost {
  const factor = 1 + share;
  return {
    ...cost,
    base: cost.base.map((seconds) => seconds * factor),
    ...cost.floor !== undefined && { floor: cost.floor.map((seconds) => seconds * factor) },
    ...cost.mixed !== undefined && { mixed: mixedTimes(cost.mixed, factor) },
    perContextToken: cost.perContextToken.map((seconds) => seconds * factor),
    perPrefillToken: cost.perPrefillToken * factor,
    perPrefillSequence: (cost.perPrefillSequence ?? 0) * factor,
    perPrefillPair: (cost.perPrefillPair ?? 0) * factor,
  };
}
