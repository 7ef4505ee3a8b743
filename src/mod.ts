/**
 * The public API of the DriftSched workbench: what notebooks import as `driftsched`.
 *
 * From left to right: a workload arrives, the scheduler estimates, orders and learns, an engine
 * serves, a run says what happened, the analysis turns runs into tables, and figures draw tables.
 *
 * @module
 */
import { installKernelBarrier } from "./reports/kernel-barrier.ts";

// What arrives.
export { CATEGORIES, type Category, CATEGORY_CAPS } from "./workload/categories.ts";
export { ArrivalSpec } from "./workload/generators/arrivals/arrival-spec.ts";
export { DriftSpec } from "./workload/generators/drift.ts";
export { describeFit } from "./workload/generators/fit/describe-fit.ts";
export {
  FitOptions,
  type FittedStream,
  fitWorkload,
  type WorkloadFit,
} from "./workload/generators/fit/fit-workload.ts";
export { type GoodnessRow, TOLERANCES } from "./workload/generators/fit/goodness.ts";
export { generateWorkload } from "./workload/generators/generate-workload.ts";
export { TokenLengthSpec } from "./workload/generators/lengths/token-length-spec.ts";
export {
  RequestClass,
  StreamSpec,
  WorkloadSpec,
  type WorkloadSpecInput,
} from "./workload/generators/workload-spec.ts";
export { type LengthModel } from "./workload/lengths/length-model.ts";
export { LengthSpec } from "./workload/lengths/length-spec.ts";
export {
  learningRequests,
  paperWorkload,
  type PaperWorkloadInput,
  PaperWorkloadParameters,
} from "./workload/paper-workload.ts";
export { type PromptSpec, renderPrompt } from "./workload/prompts/render-prompt.ts";
export { promptCounts } from "./workload/prompts/prompt-counts.ts";
export { ARENA_MAX_TOKENS } from "./workload/readers/arena-trace.ts";
export { describeReport } from "./workload/readers/describe-report.ts";
export type { ReadTraceOptions } from "./workload/readers/read-trace.ts";
export type { Measured, ReadTrace, TraceFormat } from "./workload/readers/trace-format.ts";
export {
  arrivalCounts,
  arrivalGaps,
  arrivalRate,
  type Arrivals,
  arrivalSpan,
  indexOfDispersion,
} from "./workload/statistics/arrivals.ts";
export { correlation, logCorrelation, rankCorrelation } from "./workload/statistics/correlation.ts";
export {
  ksDistance,
  ksDistanceTo,
  ksProbability,
} from "./workload/statistics/kolmogorov-smirnov.ts";
export { coefficientOfVariation } from "./workload/statistics/moments.ts";
export { quantileSorted } from "./workload/statistics/quantile.ts";
export type { LabelShare } from "./workload/statistics/label-shares.ts";
export type { ArrivalSummary } from "./workload/statistics/summarize-arrivals.ts";
export type { NumberSummary } from "./workload/statistics/summarize-numbers.ts";
export {
  summarizeWorkload,
  type WorkloadSummary,
} from "./workload/statistics/summarize-workload.ts";
export { type Tier, TIERS } from "./workload/tiers.ts";
export { capLengths, CapLengthsOptions } from "./workload/transforms/cap-lengths.ts";
export { categoriesByClient } from "./workload/transforms/categories-by-client.ts";
export { categoriesByPromptLength } from "./workload/transforms/categories-by-prompt-length.ts";
export { mapTenants, MapTenantsOptions } from "./workload/transforms/map-tenants.ts";
export { mapTiers, MapTiersOptions } from "./workload/transforms/map-tiers.ts";
export { MergeOptions, mergeWorkloads } from "./workload/transforms/merge-workloads.ts";
export { RepeatOptions, repeatWorkload } from "./workload/transforms/repeat-workload.ts";
export { resampleBlocks } from "./workload/transforms/resample-blocks.ts";
export { rampUp } from "./workload/transforms/ramp-up.ts";
export { scaleTime } from "./workload/transforms/scale-time.ts";
export {
  offeredLoad,
  scaleToRate,
  scaleToUtilisation,
  type ServerLoad,
} from "./workload/transforms/scale-to-rate.ts";
export { splitByTime, SplitOptions, type TimeSplit } from "./workload/transforms/split-by-time.ts";
export { thin, ThinOptions } from "./workload/transforms/thin.ts";
export { timeWindow, TimeWindowOptions } from "./workload/transforms/time-window.ts";
export type { Labels, Phase, Requests, Truth, Workload } from "./workload/workload.ts";
export type { WriteTraceOptions } from "./workload/writers/registry.ts";
export type { TraceToWrite, TraceWriter, WrittenTrace } from "./workload/writers/trace-writer.ts";
export { meanWordsPerToken, WORDS_PER_TOKEN } from "./workload/words-per-token.ts";

// Bundled data.
export { loadArenaMeasured, loadArenaTrace } from "./files/load-arena.ts";
export { openTrace, type OpenTraceOptions } from "./files/open-trace.ts";
export {
  loadCpuRecording,
  type LoadedLiveRun,
  type LoadedRecording,
  loadL4Points,
  loadL4Recording,
  loadLiveRun,
  loadServerFile,
} from "./files/load-recordings.ts";
export { openBundled } from "./files/open-bundled.ts";
export { loadLengthModels } from "./files/load-length-models.ts";

// Estimate, order, learn.
export { classifyPrompt } from "./estimation/classify.ts";
export { countWords } from "./estimation/count-words.ts";
export { CALIBRATORS } from "./estimation/calibrators/registry.ts";
export { CalibrationOptions, EstimateOptions } from "./estimation/options.ts";
export { POLICIES } from "./policies/registry.ts";
export type { Policy, PolicyDefinition, PolicyView } from "./policies/policy.ts";
export { SchedulerOptions } from "./scheduler/options.ts";
export { Scheduler } from "./scheduler/scheduler.ts";

// Who serves.
export { MicroBatchOptions } from "./engines/micro-batch.ts";
export { simulate, type SimulateOptions } from "./engines/simulate.ts";
export { L4 } from "./engines/step-cost/gpu.ts";
export { QWEN15_1_8B_CHAT } from "./engines/step-cost/model-shape.ts";
export {
  L4_QWEN15_1_8B,
  L4_QWEN25_7B,
  L4_QWEN25_7B_AWQ,
  L4_QWEN25_7B_FP8,
  L4_QWEN3_1_7B,
} from "./engines/step-cost/presets.ts";
export { ServerConfig } from "./engines/continuous/config.ts";
export { L4_QWEN15_1_8B_SERVER } from "./engines/continuous/presets.ts";
export { ContinuousEngine } from "./engines/continuous/engine.ts";
export { EVENT_NAMES } from "./engines/continuous/event-log.ts";
export { NO_REQUESTS } from "./engines/continuous/server-requests.ts";
export { serve } from "./engines/continuous/serve.ts";
export { DispatchRule } from "./engines/dispatch-rule.ts";
export { stepCostOf } from "./engines/step-cost/server-file.ts";
export { roofline } from "./engines/step-cost/roofline.ts";

// In front of real servers.
export { chunkInstants, type ChunkTimes } from "./vllm/client/chunk-times.ts";
export { type Clock, monotonicClock } from "./vllm/client/clock.ts";
export type { CompletionRequest } from "./vllm/client/completion-request.ts";
export type { CompletionClient, Exchange } from "./vllm/client/exchange.ts";
export { FAILURE_REASONS, type FailureReason, type Outcome } from "./vllm/client/failure.ts";
export { VllmClient, VllmClientOptions } from "./vllm/client/vllm-client.ts";
export {
  GAP_METRICS,
  REQUEST_METRICS,
  requestMetric,
  type Served,
} from "./vllm/metrics/request-metrics.ts";
export { gpuEnergy, type GpuSeries } from "./vllm/telemetry/gpu-series.ts";
export type { ServerSeries } from "./vllm/telemetry/server-series.ts";
export {
  readGpuTelemetryCsv,
  writeGpuTelemetryCsv,
  writeServerTelemetryCsv,
} from "./vllm/telemetry/telemetry-csv.ts";
export { startTelemetry, type Telemetry, TelemetryOptions } from "./vllm/telemetry/telemetry.ts";
export { exchangeOf } from "./vllm/live/exchange-of.ts";
export { LiveOptions, type LiveOptionsInput } from "./vllm/live/live-options.ts";
export { live, type LiveCallbacks, LiveInterrupted, type LiveResult } from "./vllm/live/live.ts";
export { type Overhead, type Spread, spreadOf } from "./vllm/live/overhead.ts";
export { truthOf } from "./vllm/live/workload-truth.ts";
export { FaultSpec, type FaultSpecsInput } from "./vllm/twin/faults/fault-spec.ts";
export { TwinOptions, type TwinOptionsInput } from "./vllm/twin/options.ts";
export { type RunningTwin, startTwin, type TwinSummary } from "./vllm/twin/start-twin.ts";

// Recorded runs of real servers, and how well they are predicted.
export { compareRuns, type Fidelity } from "./engines/fidelity/compare.ts";
export { fitServer } from "./engines/fidelity/fit-server.ts";
export {
  explainMiss,
  type Judgement,
  judgePrediction,
  type RunToRun,
  runToRun,
} from "./engines/fidelity/judge.ts";
export { loadPointOf } from "./engines/fidelity/load-point.ts";
export { type Prediction, predictRecording } from "./engines/fidelity/predict.ts";
export {
  compareLive,
  completedOf,
  type LivePrediction,
  predictLive,
} from "./engines/fidelity/predict-live.ts";

// What happened.
export { readAny as readTrace } from "./runs/formats/read-any.ts";
export { EVERY_FORMAT as FORMATS, EVERY_WRITER as WRITERS } from "./runs/formats/registry.ts";
export { writeAny as writeTrace } from "./runs/formats/write-any.ts";
export { measuredRun } from "./runs/measured-run.ts";
export { workloadOfRun } from "./runs/workload-of-run.ts";
export { type BenchSummary, readBenchSummary } from "./runs/records/bench-summary.ts";
export { type QueueDepth, readQueueDepthCsv } from "./runs/records/queue-depth.ts";
export { type Run, STATUSES } from "./runs/run.ts";
export type { RunProgress } from "./runs/run-progress.ts";
export { writeQueueDepthCsv } from "./runs/queue-depth-csv.ts";
export { writeMetricsCsv } from "./runs/metrics-csv.ts";
export { readMetricsCsv } from "./runs/read-metrics-csv.ts";
export { readRunJson } from "./runs/read-run-json.ts";
export { writeRunJson } from "./runs/run-json.ts";
export { runMetrics } from "./runs/run-metrics.ts";

// Many cells.
export {
  crossGrid,
  type Grid,
  type GridOptions,
  gridTable,
  type GridWorkload,
  paperGrid,
} from "./sweeps/grid.ts";
export {
  runSweep,
  SweepInterrupted,
  type SweepOptions,
  type SweepResult,
} from "./sweeps/run-sweep.ts";
export {
  loadGrid,
  type LoadGridOptions,
  measureCapacity,
  type NamedServer,
  type RatedServer,
  stressRate,
} from "./sweeps/load-grid.ts";
export { serverCapacity } from "./sweeps/server-capacity.ts";
export { resampledTraces } from "./sweeps/resampled-traces.ts";
export { type Switch, SWITCHES, switchGrid } from "./sweeps/switches.ts";
export { wholeRuns } from "./sweeps/whole-runs.ts";
export { columnsOf, type WorkloadSource } from "./sweeps/workload-source.ts";
export { type NamedWorld, worldMapGrid } from "./sweeps/world-map.ts";

// Tables.
export { bootstrapMean, type Interval, replicateInterval } from "./analysis/bootstrap.ts";
export { calibrationFactors } from "./analysis/calibration-factors.ts";
export { type Claim, judge, type Verdict } from "./analysis/claims/claim.ts";
export {
  type ClaimAcross,
  claimsAcross,
  type NamedLedger,
} from "./analysis/claims/claims-across.ts";
export { CLAIMS, claimsLedger, type LedgerEntry } from "./analysis/claims/ledger.ts";
export { clientSkew, type NamedClients } from "./analysis/client-skew.ts";
export { completionRate } from "./analysis/completion-rate.ts";
export { traceText } from "./analysis/trace-text.ts";
export { describeTrace, type TraceDescription } from "./analysis/describe-trace.ts";
export { describeTenants } from "./analysis/describe-tenants.ts";
export { describeWorkload } from "./analysis/describe-workload.ts";
export { dispersionOverWidth, type NamedArrivals } from "./analysis/dispersion-over-width.ts";
export { effectAgainstBaseline } from "./analysis/effect-against-baseline.ts";
export { effectOverLoad } from "./analysis/effect-over-load.ts";
export { errorOverTime } from "./analysis/error-over-time.ts";
export { errorPerScheduler } from "./analysis/error-per-scheduler.ts";
export { estimateAgainstActual } from "./analysis/estimate-against-actual.ts";
export { estimationError } from "./analysis/estimation-error.ts";
export { GridView } from "./analysis/grid-view.ts";
export { byCategory, byPhase, byTier, everyone, latePart } from "./analysis/groups.ts";
export type { LabelledRun } from "./analysis/labelled-run.ts";
export { type Latency, latencyOf, latencyStatistics } from "./analysis/latency.ts";
export { latencyTail } from "./analysis/latency-tail.ts";
export { lengthTails } from "./analysis/length-tails.ts";
export { type LoadView, loadViews } from "./analysis/load-views.ts";
export {
  measuredAgainstSimulated,
  type MeasuredTwice,
} from "./analysis/measured-against-simulated.ts";
export type { NamedTrace } from "./analysis/named-trace.ts";
export { queueDepth } from "./analysis/queue-depth.ts";
export { type RecordedPolicy, recordedTail } from "./analysis/recorded-tail.ts";
export { overtaken, servedAt, starvation, STARVED_OVERTAKEN } from "./analysis/starvation.ts";
export { starvationByGroup } from "./analysis/starvation-by-group.ts";
export { summarizeRun } from "./analysis/summarize-run.ts";
export { switchEffects } from "./analysis/switch-effects.ts";
export { tailCrossing } from "./analysis/tail-crossing.ts";
export { trafficOverTime } from "./analysis/traffic-over-time.ts";
export { waitByTier } from "./analysis/wait-by-tier.ts";
export { worldMap, worldMarks } from "./analysis/world-map.ts";

// Figures: each draws the table of the same name.
export { calibrationFactors as calibrationFactorsFigure } from "./figures/calibration-factors.ts";
export { clientSkew as clientSkewFigure } from "./figures/client-skew.ts";
export {
  dispersionOverWidth as dispersionOverWidthFigure,
} from "./figures/dispersion-over-width.ts";
export {
  effectAgainstBaseline as effectAgainstBaselineFigure,
} from "./figures/effect-against-baseline.ts";
export { effectOverLoad as effectOverLoadFigure } from "./figures/effect-over-load.ts";
export { errorOverTime as errorOverTimeFigure } from "./figures/error-over-time.ts";
export { errorPerScheduler as errorPerSchedulerFigure } from "./figures/error-per-scheduler.ts";
export {
  estimateAgainstActual as estimateAgainstActualFigure,
} from "./figures/estimate-against-actual.ts";
export { fidelityErrors as fidelityErrorsFigure } from "./figures/fidelity-errors.ts";
export type { Figure } from "./figures/figure.ts";
export { latencyTail as latencyTailFigure } from "./figures/latency-tail.ts";
export { lengthTails as lengthTailsFigure } from "./figures/length-tails.ts";
export {
  measuredAgainstSimulated as measuredAgainstSimulatedFigure,
} from "./figures/measured-against-simulated.ts";
export { queueDepth as queueDepthFigure } from "./figures/queue-depth.ts";
export { recordedTail as recordedTailFigure } from "./figures/recorded-tail.ts";
export { starvation as starvationFigure } from "./figures/starvation.ts";
export { trafficOverTime as trafficOverTimeFigure } from "./figures/traffic-over-time.ts";
export { waitByTier as waitByTierFigure } from "./figures/wait-by-tier.ts";
export { worldMap as worldMapFigure } from "./figures/world-map.ts";

// At the notebook's edge.
export { InputError } from "./errors/input-error.ts";
export { parseWith } from "./errors/parse-with.ts";
export { claimsTable } from "./figures/claims-table.ts";
export { liveProgress } from "./reports/live-progress.ts";
export { progressBar } from "./reports/progress-bar.ts";
export { type Publisher, publisher } from "./reports/publisher.ts";
export { showFrame } from "./reports/show-frame.ts";
export { showTable } from "./reports/show-table.ts";

installKernelBarrier();
