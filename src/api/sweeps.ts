/**
 * Where a sweep runs and where its results are kept.
 *
 * @module
 */
export { addressCells } from "../sweeps/address-cells.ts";
export type { CellMatch } from "../sweeps/cell-match.ts";
export type { SweepCell } from "../sweeps/cell.ts";
export type { CellResult, Executor } from "../sweeps/executors/executor.ts";
export { thisThread } from "../sweeps/executors/this-thread.ts";
export { inWorkers } from "../sweeps/executors/workers.ts";
export { joinGrids } from "../sweeps/grid.ts";
export { resampledTraces } from "../sweeps/resampled-traces.ts";
export { SweepInterrupted } from "../sweeps/run-sweep.ts";
export { FolderStore } from "../sweeps/stores/folder-store.ts";
export { MemoryStore } from "../sweeps/stores/memory-store.ts";
export type { ResultStore } from "../sweeps/stores/result-store.ts";
export { columnsOf, type WorkloadSource } from "../sweeps/workload-source.ts";
