import { FORMATS } from "../../workload/readers/registry.ts";
import type { TraceFormat } from "../../workload/readers/trace-format.ts";
import { WRITERS } from "../../workload/writers/registry.ts";
import type { TraceWriter } from "../../workload/writers/trace-writer.ts";
import { driftschedMetrics } from "../../paper/metrics/format.ts";
import { driftschedRun, driftschedRunWriter } from "./driftsched-run.ts";

/** Every format of traces and of runs, in the order in which they are listed for people. */
export const EVERY_FORMAT: readonly TraceFormat[] = [...FORMATS, driftschedRun, driftschedMetrics];

/** Every format that a trace can be written in, measured times as a run included. */
export const EVERY_WRITER: readonly TraceWriter[] = [...WRITERS, driftschedRunWriter];
