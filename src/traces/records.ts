import { gpuTelemetryRecord } from "../live/telemetry/telemetry-record.ts";
import { aiPerfSummaryRecord } from "../runs/records/aiperf-summary.ts";
import { benchSummaryRecord } from "../runs/records/bench-summary.ts";
import { inferencePerfSummaryRecord } from "../runs/records/inference-perf-summary.ts";
import { inferenceXRecord } from "../runs/records/inferencex-result.ts";
import { llmPerfSummaryRecord } from "../runs/records/llmperf-summary.ts";
import { locustHistoryRecord, locustStatisticsRecord } from "../runs/records/locust-statistics.ts";
import { queueDepthRecord } from "../runs/records/queue-depth.ts";
import type { RecordFormat } from "../runs/records/record.ts";
import { servingBenchmarkTextRecord } from "../runs/records/serving-benchmark-text.ts";

/**
 * Every kind of file that belongs to a run and holds no requests: summaries and series. `trace describe`
 * prints what is in them; where a trace is wanted they are refused by name.
 */
export const EVERY_RECORD: readonly RecordFormat[] = [
  queueDepthRecord,
  gpuTelemetryRecord,
  benchSummaryRecord,
  servingBenchmarkTextRecord,
  aiPerfSummaryRecord,
  llmPerfSummaryRecord,
  inferencePerfSummaryRecord,
  inferenceXRecord,
  locustHistoryRecord,
  locustStatisticsRecord,
];
