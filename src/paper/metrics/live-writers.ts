import type { ResultWriters } from "../../live/result-writers.ts";
import { writeMetricsCsv } from "./metrics-csv.ts";
import { runMetrics } from "./run-metrics.ts";

/**
 * What the paper's system writes of a run beyond our own files, for the option `writers` of a live
 * run: `metrics.csv`, times in Unix seconds. Source: driftsched reference, "What a run writes".
 */
export const PAPER_WRITERS: ResultWriters = Object.freeze({
  "metrics.csv": (run, { epochSeconds }) => writeMetricsCsv(runMetrics(run, { epochSeconds })),
});
