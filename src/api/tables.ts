/**
 * Tables made from runs and sweeps: errors, latencies, starvation, comparisons.
 *
 * @module
 */
export { calibrationFactors } from "../analysis/calibration-factors.ts";
export { clientSkew, type NamedClients } from "../analysis/client-skew.ts";
export { completionRate } from "../analysis/completion-rate.ts";
export { describeTenants } from "../analysis/describe-tenants.ts";
export { describeTrace, type TraceDescription } from "../analysis/describe-trace.ts";
export { describeWorkload } from "../analysis/describe-workload.ts";
export { dispersionOverWidth, type NamedArrivals } from "../analysis/dispersion-over-width.ts";
export { effectAgainstBaseline, type StatedEffect } from "../analysis/effect-against-baseline.ts";
export { effectOverLoad } from "../analysis/effect-over-load.ts";
export { errorOverTime } from "../analysis/error-over-time.ts";
export { errorPerScheduler } from "../analysis/error-per-scheduler.ts";
export { estimateAgainstActual } from "../analysis/estimate-against-actual.ts";
export { estimationError } from "../analysis/estimation-error.ts";
export { firstTokenTails } from "../analysis/first-token-tails.ts";
export { fitGoodness } from "../analysis/fit-goodness.ts";
export { fitMisfits } from "../analysis/fit-misfits.ts";
export { GridView } from "../analysis/grid-view.ts";
export { byCategory, byPhase, byTier, everyone, latePart } from "../analysis/groups.ts";
export { hitRate } from "../analysis/hit-rate.ts";
export type { LabelledRun } from "../analysis/labelled-run.ts";
export { latencyTail } from "../analysis/latency-tail.ts";
export { type Latency, latencyOf, latencyStatistics } from "../analysis/latency.ts";
export { lengthTails } from "../analysis/length-tails.ts";
export { type LoadView, loadViews } from "../analysis/load-views.ts";
export { type MeasureKey, measureName, parseMeasure } from "../analysis/measure-key.ts";
export {
  measuredAgainstSimulated,
  type MeasuredTwice,
} from "../analysis/measured-against-simulated.ts";
export type { NamedTrace } from "../analysis/named-trace.ts";
export { queueDepth } from "../analysis/queue-depth.ts";
export { type RecordedPolicy, recordedTail } from "../analysis/recorded-tail.ts";
export { readerReports } from "../analysis/reader-reports.ts";
export { byLength, byTurn } from "../analysis/request-groups.ts";
export { starvationByGroup } from "../analysis/starvation-by-group.ts";
export { overtaken, servedAt, starvation, STARVED_OVERTAKEN } from "../analysis/starvation.ts";
export { summarizeRun } from "../analysis/summarize-run.ts";
export { tailCrossing } from "../analysis/tail-crossing.ts";
export { traceNumbers } from "../analysis/trace-numbers.ts";
export { traceText } from "../analysis/trace-text.ts";
export { trafficOverTime } from "../analysis/traffic-over-time.ts";
export { variantEffects } from "../analysis/variant-effects.ts";
export type { VariantRun } from "../analysis/variant-run.ts";
export { waitByTier } from "../analysis/wait-by-tier.ts";
