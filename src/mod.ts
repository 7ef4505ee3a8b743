/**
 * The public API of the DriftSched workbench: what notebooks import as `driftsched`.
 *
 * From left to right: a workload arrives, the scheduler estimates, orders and learns, an engine
 * serves, a run says what happened, the analysis turns runs into tables, and figures draw tables.
 *
 * @module
 */
// What arrives.
export { CATEGORIES, type Category, CATEGORY_CAPS } from "./paper/categories.ts";
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
export { LengthSpec, lengthSpecOver } from "./workload/lengths/length-spec.ts";
export {
  learningRequests,
  paperWorkload,
  type PaperWorkloadInput,
  PaperWorkloadParameters,
} from "./paper/workload.ts";
export { type PromptSpec, renderPrompt } from "./paper/prompts/render-prompt.ts";
export { promptCounts } from "./paper/prompts/prompt-counts.ts";
export { ARENA_MAX_TOKENS } from "./workload/readers/formats/arena-trace.ts";
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
export { correlation, logCorrelation, rankCorrelation } from "./statistics/correlation.ts";
export { ksDistance, ksDistanceTo, ksProbability } from "./statistics/kolmogorov-smirnov.ts";
export { coefficientOfVariation } from "./statistics/moments.ts";
export { quantileSorted } from "./statistics/quantile.ts";
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
export {
  meanWordsPerToken,
  MEASURED_CATEGORIES,
  WORDS_PER_TOKEN,
} from "./workload/words-per-token.ts";

// Bundled data.
export { loadArenaMeasured, loadArenaTrace } from "./files/load-arena.ts";
export type { OpenTraceOptions } from "./files/open-trace.ts";
export { openTrace } from "./traces/open-trace.ts";
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
export { classifyPrompt } from "./paper/classify.ts";
export { countWords } from "./estimation/count-words.ts";
export { CALIBRATORS } from "./estimation/calibrators/registry.ts";
export { CalibratedOptions } from "./estimation/estimators/calibrated-options.ts";
export { createDetector, DETECTORS } from "./estimation/detectors/registry.ts";
export type {
  DriftDetector,
  DriftDetectorDefinition,
  DriftSignal,
} from "./estimation/detectors/detector.ts";
export { ESTIMATORS } from "./estimation/registry.ts";
export type { Estimator, EstimatorDefinition } from "./estimation/estimator.ts";
export { POLICIES } from "./policies/registry.ts";
export type { Policy, PolicyDefinition, PolicyView } from "./policies/policy.ts";
export type { SchedulerOptionsInput } from "./gateway/options.ts";
export { Scheduler } from "./gateway/scheduler.ts";

// Who serves.
export { simulate } from "./paper/simulate.ts";
export type { SimulateOptions } from "./simulation/simulate.ts";
export { L4 } from "./servers/costs/gpu.ts";
export { QWEN15_1_8B_CHAT } from "./servers/costs/model-shape.ts";
export {
  L4_QWEN15_1_8B,
  L4_QWEN25_7B,
  L4_QWEN25_7B_AWQ,
  L4_QWEN25_7B_FP8,
  L4_QWEN3_1_7B,
} from "./servers/costs/presets.ts";
export { ServerConfig } from "./servers/continuous/config.ts";
export { L4_QWEN15_1_8B_SERVER } from "./servers/continuous/presets.ts";
export { ContinuousEngine } from "./servers/continuous/engine.ts";
export { EVENT_NAMES } from "./servers/continuous/event-log.ts";
export { NO_REQUESTS } from "./servers/continuous/server-requests.ts";
export { serve } from "./servers/continuous/serve.ts";
export { Dispatch } from "./gateway/dispatch.ts";
export { type Server, type ServerInput, serverOf } from "./servers/server.ts";
export { stepCostOf } from "./servers/costs/server-file.ts";
export { roofline } from "./servers/costs/roofline.ts";

// In front of real servers.
export { chunkInstants, type ChunkTimes } from "./live/client/chunk-times.ts";
export { type Clock, monotonicClock } from "./live/client/clock.ts";
export type { CompletionRequest } from "./live/client/completion-request.ts";
export type { CompletionClient, Exchange } from "./live/client/exchange.ts";
export { FAILURE_REASONS, type FailureReason, type Outcome } from "./live/client/failure.ts";
export { VllmClient, VllmClientOptions } from "./live/client/vllm-client.ts";
export {
  GAP_METRICS,
  REQUEST_METRICS,
  requestMetric,
  type Served,
} from "./live/metrics/request-metrics.ts";
export { gpuEnergy, type GpuSeries } from "./live/telemetry/gpu-series.ts";
export type { ServerSeries } from "./live/telemetry/server-series.ts";
export {
  readGpuTelemetryCsv,
  writeGpuTelemetryCsv,
  writeServerTelemetryCsv,
} from "./live/telemetry/telemetry-csv.ts";
export { startTelemetry, type Telemetry, TelemetryOptions } from "./live/telemetry/telemetry.ts";
export { exchangeOf } from "./live/exchange-of.ts";
export { LiveOptions, type LiveOptionsInput } from "./live/live-options.ts";
export { type LiveCallbacks, LiveInterrupted, type LiveResult } from "./live/live.ts";
export type { ResultContext, ResultWriter, ResultWriters } from "./live/result-writers.ts";
export { live } from "./paper/live.ts";
export { type Overhead, type Spread, spreadOf } from "./live/overhead.ts";
export { truthOf } from "./twin/workload-truth.ts";
export { FaultSpec, type FaultSpecsInput } from "./twin/faults/fault-spec.ts";
export { TwinOptions, type TwinOptionsInput } from "./twin/options.ts";
export { type RunningTwin, startTwin, type TwinSummary } from "./twin/start-twin.ts";

// Recorded runs of real servers, and how well they are predicted.
export { compareRuns, type Fidelity } from "./fidelity/compare.ts";
export { fitServer } from "./fidelity/fit/fit-server.ts";
export {
  explainMiss,
  type Judgement,
  judgePrediction,
  type RunToRun,
  runToRun,
} from "./fidelity/judge.ts";
export { loadPointOf } from "./fidelity/load-point.ts";
export { type Prediction, predictRecording } from "./fidelity/predict.ts";
export {
  compareLive,
  completedOf,
  type LivePrediction,
  predictLive,
} from "./fidelity/predict-live.ts";

// What happened.
export { EVERY_FORMAT as FORMATS, EVERY_WRITER as WRITERS } from "./traces/formats.ts";
export { readTrace } from "./traces/read-trace.ts";
export { writeAny as writeTrace } from "./runs/formats/write-any.ts";
export { measuredRun } from "./runs/measured-run.ts";
export { workloadOfRun } from "./runs/workload-of-run.ts";
export { type BenchSummary, readBenchSummary } from "./runs/records/bench-summary.ts";
export { type QueueDepth, readQueueDepthCsv } from "./runs/records/queue-depth.ts";
export { type Run, STATUSES } from "./runs/run.ts";
export type { RunProgress } from "./runs/run-progress.ts";
export { writeQueueDepthCsv } from "./runs/queue-depth-csv.ts";
export { writeMetricsCsv } from "./paper/metrics/metrics-csv.ts";
export { readMetricsCsv } from "./paper/metrics/read-metrics-csv.ts";
export { readRunJson } from "./runs/read-run-json.ts";
export { writeRunJson } from "./runs/run-json.ts";
export { runMetrics } from "./paper/metrics/run-metrics.ts";

// Many cells.
export {
  crossGrid,
  type GridOptions,
  paperGrid,
  type PaperGridOptions,
  paperSource,
  paperWorkloads,
} from "./paper/grid.ts";
export type { CellMatch } from "./sweeps/cell-match.ts";
export {
  type Grid,
  type GridCell,
  type GridWorkload,
  joinGrids,
  sweep,
  type SweepSpec,
} from "./sweeps/grid.ts";
export { gridTable } from "./sweeps/grid-table.ts";
export {
  runSweep,
  SweepInterrupted,
  type SweepOptions,
  type SweepResult,
} from "./sweeps/run-sweep.ts";
export { type SweepCell } from "./sweeps/cell.ts";
export { addressCells } from "./sweeps/address-cells.ts";
export { type CellResult, type Executor } from "./sweeps/executors/executor.ts";
export { thisThread } from "./sweeps/executors/this-thread.ts";
export { inWorkers } from "./sweeps/executors/workers.ts";
export { FolderStore } from "./sweeps/stores/folder-store.ts";
export { MemoryStore } from "./sweeps/stores/memory-store.ts";
export { type ResultStore } from "./sweeps/stores/result-store.ts";
export { fromModule } from "./files/from-module.ts";
export {
  loadGrid,
  type LoadGridOptions,
  measureCapacity,
  type NamedServer,
  type RatedServer,
  stressRate,
} from "./paper/load-grid.ts";
export { serverCapacity } from "./sweeps/server-capacity.ts";
export { resampledTraces } from "./sweeps/resampled-traces.ts";
export { type Switch, SWITCHES, switchGrid } from "./paper/switches.ts";
export { wholeRuns } from "./sweeps/whole-runs.ts";
export { columnsOf, type WorkloadSource } from "./sweeps/workload-source.ts";
export { type NamedWorld, worldMapGrid } from "./paper/world-map.ts";

// Tables.
export { bootstrapMean, type Interval, replicateInterval } from "./statistics/bootstrap.ts";
export { calibrationFactors } from "./analysis/calibration-factors.ts";
export { type Claim, judge, type Verdict } from "./paper/claims/claim.ts";
export { type ClaimAcross, claimsAcross, type NamedLedger } from "./paper/claims/claims-across.ts";
export { CLAIMS, claimsLedger, type LedgerEntry } from "./paper/claims/ledger.ts";
export { PAPER_EFFECTS } from "./paper/stated-effects.ts";
export { clientSkew, type NamedClients } from "./analysis/client-skew.ts";
export { completionRate } from "./analysis/completion-rate.ts";
export { traceText } from "./analysis/trace-text.ts";
export { describeTrace, type TraceDescription } from "./analysis/describe-trace.ts";
export { describeTenants } from "./analysis/describe-tenants.ts";
export { describeWorkload } from "./analysis/describe-workload.ts";
export { dispersionOverWidth, type NamedArrivals } from "./analysis/dispersion-over-width.ts";
export { effectAgainstBaseline, type StatedEffect } from "./analysis/effect-against-baseline.ts";
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
export { type MeasureKey, measureName, parseMeasure } from "./analysis/measure-key.ts";
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
export { switchEffects } from "./paper/tables/switch-effects.ts";
export { tailCrossing } from "./analysis/tail-crossing.ts";
export { trafficOverTime } from "./analysis/traffic-over-time.ts";
export { waitByTier } from "./analysis/wait-by-tier.ts";
export { worldMap, worldMarks } from "./paper/tables/world-map.ts";

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
export { worldMap as worldMapFigure } from "./paper/figures/world-map.ts";

// All that is the paper's own, in one place.
export * as paper from "./paper/mod.ts";

// A figure of one's own.
export * as house from "./figures/house.ts";

// At the notebook's edge.
export { InputError } from "./errors/input-error.ts";
export { parseWith } from "./errors/parse-with.ts";
export { claimsTable } from "./paper/figures/claims-table.ts";
export { type Help, help } from "./notebook/help/help.ts";
export { notebook } from "./notebook/notebook.ts";
export { liveProgress } from "./notebook/live-progress.ts";
export { progressBar } from "./notebook/progress-bar.ts";
export { type Publisher, publisher } from "./notebook/publisher.ts";
export { showFrame } from "./notebook/show-frame.ts";
export { showTable } from "./notebook/show-table.ts";
