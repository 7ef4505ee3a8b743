/**
 * The public API of the DriftSched workbench: what notebooks import as `driftsched`. Some 25 verbs at
 * the top, everything else in namespaces (`ds.figures`, `ds.tables`, `ds.paper`, `ds.live`, …).
 *
 * From left to right: a workload arrives, the gateway estimates, orders, dispatches and learns, servers
 * serve, a run says what happened, the analysis turns runs into tables, and figures draw tables.
 * Importing has no side effect.
 *
 * @module
 */
export * from "./core.ts";

export { fromModule } from "./files/from-module.ts";
export { type Help, help } from "./notebook/help/help.ts";
export { liveProgress } from "./notebook/live-progress.ts";
export { notebook } from "./notebook/notebook.ts";
export { progressBar } from "./notebook/progress-bar.ts";
export { type Publisher, publisher } from "./notebook/publisher.ts";
export { showFrame } from "./notebook/show-frame.ts";
export { showTable } from "./notebook/show-table.ts";
export { sweep } from "./paper/sweep.ts";
export { gridTable } from "./sweeps/grid-table.ts";
export { runSweep, type SweepOptions, type SweepResult } from "./sweeps/run-sweep.ts";
export { wholeRuns } from "./sweeps/whole-runs.ts";
export { openTrace } from "./traces/open-trace.ts";
export { whatIf, type WhatIfOptions } from "./paper/what-if.ts";
export type { WhatIfAnswer } from "./what-if/answer.ts";

export type { Grid, GridCell, GridWorkload, SweepSpec } from "./sweeps/grid.ts";
export { serverCapacity } from "./sweeps/server-capacity.ts";
export type { Figure } from "./figures/figure.ts";
export * as figures from "./api/figures.ts";

/** A figure of one's own. */
export * as house from "./figures/house.ts";

export * as answers from "./api/answers.ts";
export * as data from "./api/data.ts";
export * as live from "./api/live.ts";
export * as sweeps from "./api/sweeps.ts";
export * as traces from "./api/traces.ts";

/** All that is DriftSched's own. */
export * as paper from "./paper/mod.ts";
