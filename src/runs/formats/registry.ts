import { FORMATS } from "../../workload/readers/registry.ts";
import type { TraceFormat } from "../../workload/readers/trace-format.ts";
import { WRITERS } from "../../workload/writers/registry.ts";
import type { TraceWriter } from "../../workload/writers/trace-writer.ts";
import { driftschedRun, driftschedRunWriter } from "./driftsched-run.ts";

/** Formats of traces and our own of runs, in the order in which they are listed for people. */
export const FORMATS_AND_RUNS: readonly TraceFormat[] = [...FORMATS, driftschedRun];

/** Formats that a trace can be written in, measured times as a run included. */
export const WRITERS_AND_RUNS: readonly TraceWriter[] = [...WRITERS, driftschedRunWriter];
