/**
 * Figures in the house style: each draws the table of the same name in `tables`.
 *
 * @module
 */
export { alternatives } from "../figures/alternatives.ts";
export { calibrationFactors } from "../figures/calibration-factors.ts";
export { clientSkew } from "../figures/client-skew.ts";
export { dispersionOverWidth } from "../figures/dispersion-over-width.ts";
export { effectAgainstBaseline } from "../figures/effect-against-baseline.ts";
export { effectByGroup } from "../figures/effect-by-group.ts";
export { effectOverLoad } from "../figures/effect-over-load.ts";
export { errorOverTime } from "../figures/error-over-time.ts";
export { errorPerScheduler } from "../figures/error-per-scheduler.ts";
export { estimateAgainstActual } from "../figures/estimate-against-actual.ts";
export { fidelityErrors } from "../figures/fidelity-errors.ts";
export { firstTokenTails } from "../figures/first-token-tails.ts";
export { highestRates } from "../figures/highest-rates.ts";
export { latencyTail } from "../figures/latency-tail.ts";
export { lengthTails } from "../figures/length-tails.ts";
export { measuredAgainstSimulated } from "../figures/measured-against-simulated.ts";
export { queueDepth } from "../figures/queue-depth.ts";
export { recordedTail } from "../figures/recorded-tail.ts";
export { starvation } from "../figures/starvation.ts";
export { trafficOverTime } from "../figures/traffic-over-time.ts";
export { waitByTier } from "../figures/wait-by-tier.ts";
export { worldMap } from "../paper/figures/world-map.ts";
