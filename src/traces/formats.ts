import { driftschedMetrics } from "../paper/metrics/format.ts";
import { FORMATS_AND_RUNS, WRITERS_AND_RUNS } from "../runs/formats/registry.ts";
import type { TraceFormat } from "../workload/readers/trace-format.ts";
import type { TraceWriter } from "../workload/writers/trace-writer.ts";

/**
 * Every format that this workbench reads, in the order in which they are listed for people: those of
 * traces, our own of runs, and the paper's `metrics.csv`. The rooms below know no paper; here is where
 * the parts are put together for notebooks and tasks.
 */
export const EVERY_FORMAT: readonly TraceFormat[] = [...FORMATS_AND_RUNS, driftschedMetrics];

/** Every format that a trace can be written in, measured times as a run included. */
export const EVERY_WRITER: readonly TraceWriter[] = WRITERS_AND_RUNS;
