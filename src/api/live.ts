/**
 * Live runs in front of real servers, the client and its measurements, and the twin: a simulated
 * server that speaks vLLM's HTTP API.
 *
 * @module
 */
export { chunkInstants, type ChunkTimes } from "../live/client/chunk-times.ts";
export { type Clock, monotonicClock } from "../live/client/clock.ts";
export type { CompletionRequest } from "../live/client/completion-request.ts";
export type { CompletionClient, Exchange } from "../live/client/exchange.ts";
export { FAILURE_REASONS, type FailureReason, type Outcome } from "../live/client/failure.ts";
export { VllmClient, VllmClientOptions } from "../live/client/vllm-client.ts";
export { exchangeOf } from "../live/exchange-of.ts";
export { LiveOptions, type LiveOptionsInput } from "../live/live-options.ts";
export { type LiveCallbacks, LiveInterrupted, type LiveResult } from "../live/live.ts";
export {
  GAP_METRICS,
  REQUEST_METRICS,
  requestMetric,
  type Served,
} from "../live/metrics/request-metrics.ts";
export { type Overhead, type Spread, spreadOf } from "../live/overhead.ts";
export type { ResultContext, ResultWriter, ResultWriters } from "../live/result-writers.ts";
export { gpuEnergy, type GpuSeries } from "../live/telemetry/gpu-series.ts";
export type { ServerSeries } from "../live/telemetry/server-series.ts";
export {
  readGpuTelemetryCsv,
  writeGpuTelemetryCsv,
  writeServerTelemetryCsv,
} from "../live/telemetry/telemetry-csv.ts";
export { startTelemetry, type Telemetry, TelemetryOptions } from "../live/telemetry/telemetry.ts";
export { clientTimesTable } from "../live/client-times-table.ts";
export { wallClockText } from "../live/wall-clock-text.ts";
export { liveOnTwin as runOnTwin } from "../paper/live-on-twin.ts";
export { live as run } from "../paper/live.ts";
export { FaultSpec, type FaultSpecsInput } from "../twin/faults/fault-spec.ts";
export { TwinOptions, type TwinOptionsInput } from "../twin/options.ts";
export { type RunningTwin, startTwin, type TwinSummary } from "../twin/start-twin.ts";
export { truthOf } from "../twin/workload-truth.ts";
