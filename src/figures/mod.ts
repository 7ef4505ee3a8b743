export { alternatives, type AlternativesOptions } from "./alternatives.ts";
export { calibrationFactors } from "./calibration-factors.ts";
export { clientSkew } from "./client-skew.ts";
export { dispersionOverWidth } from "./dispersion-over-width.ts";
export { DISPLAY, type Displayable } from "./display.ts";
export {
  effectAgainstBaseline,
  type EffectAgainstBaselineOptions,
} from "./effect-against-baseline.ts";
export { effectByGroup, type EffectByGroupOptions } from "./effect-by-group.ts";
export { effectOverLoad, type EffectOverLoadOptions } from "./effect-over-load.ts";
export { errorOverTime, type ErrorOverTimeOptions } from "./error-over-time.ts";
export { errorPerScheduler } from "./error-per-scheduler.ts";
export {
  estimateAgainstActual,
  type EstimateAgainstActualOptions,
} from "./estimate-against-actual.ts";
export { fidelityErrors } from "./fidelity-errors.ts";
export { type Figure, type FigureOptions } from "./figure.ts";
export { firstTokenTails, type FirstTokenTailsOptions } from "./first-token-tails.ts";
export { highestRates, type HighestRatesOptions } from "./highest-rates.ts";
export { latencyTail, type LatencyTailOptions } from "./latency-tail.ts";
export { lengthTails } from "./length-tails.ts";
export { measuredAgainstSimulated } from "./measured-against-simulated.ts";
export { queueDepth } from "./queue-depth.ts";
export { recordedTail, type RecordedTailOptions } from "./recorded-tail.ts";
export { standaloneSvg } from "./standalone-svg.ts";
export { starvation, type StarvationFigureOptions } from "./starvation.ts";
export { tableToCsv } from "./tables/csv.ts";
export { type HtmlTableOptions, tableToHtml } from "./tables/html-table.ts";
export { trafficOverTime } from "./traffic-over-time.ts";
export { waitByTier, type WaitByTierOptions } from "./wait-by-tier.ts";
