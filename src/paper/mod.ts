/**
 * All that is DriftSched's own, which notebooks see as `ds.paper`: its policies, calibrations,
 * countings and categories as frozen lists, its workload and estimate, its claims, the grids that judge
 * them, its tables and figures, and its `metrics.csv`. Source: arXiv 2606.02982 (v2) and its public
 * code; the docstrings cite our notes on them as "driftsched reference".
 *
 * @module
 */

// Lists.
export { CATEGORIES, type Category, CATEGORY_CAPS } from "./categories.ts";
export {
  CALIBRATION_OFF,
  CALIBRATION_ON,
  COUNTING_TOKENS,
  COUNTING_WORDS,
  FIFO,
  PAPER_CALIBRATIONS,
  PAPER_COUNTINGS,
  PAPER_POLICIES,
  type PaperCalibration,
  type PaperCounting,
  type PaperPolicy,
  SJF,
} from "./policies.ts";

// What arrives.
export {
  learningRequests,
  paperWorkload,
  type PaperWorkloadInput,
  PaperWorkloadParameters,
} from "./workload.ts";
export { promptCounts } from "./prompts/prompt-counts.ts";
export { type PromptSpec, renderPrompt } from "./prompts/render-prompt.ts";

// Estimate.
export { classifyPrompt, KEYWORDS } from "./classify.ts";
export { PAPER_ESTIMATE } from "./estimate.ts";
export { paperEstimate, paperScheduler } from "./scheduler.ts";
export { paperSimulation, simulate } from "./simulate.ts";

// Grids.
export {
  crossGrid,
  type GridOptions,
  paperGrid,
  type PaperGridOptions,
  paperSource,
  paperWorkloads,
  type PaperWorkloadsOptions,
} from "./grid.ts";
export {
  loadGrid,
  type LoadGridOptions,
  measureCapacity,
  type NamedServer,
  type RatedServer,
  stressRate,
} from "./load-grid.ts";
export { atPaperLoad } from "./at-paper-load.ts";
export { type MeasuredServer, rateServers } from "./rate-servers.ts";
export { type RatedTrace, rateTraces } from "./rate-traces.ts";
export { traceLoadGrid, type TraceLoadGridOptions } from "./trace-load-grid.ts";
export { type Switch, SWITCHES, switchGrid } from "./switches.ts";
export { type NamedWorld, worldMapGrid } from "./world-map.ts";

// Claims.
export { type Claim, type ClaimScope, judge, type Verdict } from "./claims/claim.ts";
export { type ClaimAcross, claimsAcross, type NamedLedger } from "./claims/claims-across.ts";
export { CLAIMS, claimsLedger, type LedgerEntry } from "./claims/ledger.ts";

// Tables and figures.
export { PAPER_EFFECTS } from "./stated-effects.ts";
export { claimsOverLoads } from "./tables/claims-over-loads.ts";
export { ratedTraces } from "./tables/rated-traces.ts";
export { serverCapacities } from "./tables/server-capacities.ts";
export { sjfEffects } from "./tables/sjf-effects.ts";
export { sjfOverLoad } from "./tables/sjf-over-load.ts";
export { starvedOverLoad } from "./tables/starved-over-load.ts";
export { switchEffects } from "./tables/switch-effects.ts";
export { worldMap, worldMarks } from "./tables/world-map.ts";
export { claimsTable } from "./figures/claims-table.ts";
export { worldMap as worldMapFigure } from "./figures/world-map.ts";

// Files and live runs.
export { live } from "./live.ts";
export { driftschedMetrics } from "./metrics/format.ts";
export { PAPER_WRITERS } from "./metrics/live-writers.ts";
export type { Metrics } from "./metrics/metrics-columns.ts";
export { writeMetricsCsv } from "./metrics/metrics-csv.ts";
export { readMetricsCsv } from "./metrics/read-metrics-csv.ts";
export { runMetrics } from "./metrics/run-metrics.ts";
