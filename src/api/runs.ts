/**
 * Reading and writing runs, and making runs from what others measured.
 *
 * @module
 */
export { measuredRun } from "../runs/measured-run.ts";
export { writeQueueDepthCsv } from "../runs/queue-depth-csv.ts";
export { readRunJson } from "../runs/read-run-json.ts";
export { type BenchSummary, readBenchSummary } from "../runs/records/bench-summary.ts";
export { type QueueDepth, readQueueDepthCsv } from "../runs/records/queue-depth.ts";
export { writeRunJson } from "../runs/run-json.ts";
export type { RunProgress } from "../runs/run-progress.ts";
export { STATUSES } from "../runs/run.ts";
