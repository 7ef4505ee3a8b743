import type { StatedEffect } from "../analysis/effect-against-baseline.ts";
import { C3, C4 } from "./claims/sjf-latency.ts";
import { SJF } from "./policies.ts";

/**
 * What the paper states of a policy's latency against FIFO: the numbers of its claims C3 and C4. Frozen.
 * Source: driftsched reference, "What it claims".
 */
export const PAPER_EFFECTS: readonly StatedEffect[] = Object.freeze([
  Object.freeze({ policy: SJF, metric: "p50", effect: C3.paper! }),
  Object.freeze({ policy: SJF, metric: "p99", effect: C4.paper! }),
]);
