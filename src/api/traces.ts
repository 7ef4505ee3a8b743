/**
 * Traces from other systems: formats, reading and writing.
 *
 * @module
 */
export type { OpenTraceOptions } from "../files/open-trace.ts";
export { writeAny as writeTrace } from "../runs/formats/write-any.ts";
export { EVERY_FORMAT as FORMATS, EVERY_WRITER as WRITERS } from "../traces/formats.ts";
export { readTrace } from "../traces/read-trace.ts";
export { type Burstiness, poissonAtGrain, timeGrain } from "../workload/statistics/time-grain.ts";
export { SpreadOptions, spreadTimes } from "../workload/transforms/spread-times.ts";
export { describeReport } from "../workload/readers/describe-report.ts";
export { ARENA_MAX_TOKENS } from "../workload/readers/formats/arena-trace.ts";
export type { ColumnMap, MappedColumn } from "../workload/readers/map/column-map.ts";
export type { MapTarget } from "../workload/readers/map/targets.ts";
export type { ReadTraceOptions } from "../workload/readers/read-trace.ts";
export type { Measured, ReadTrace, TraceFormat } from "../workload/readers/trace-format.ts";
export type { WriteTraceOptions } from "../workload/writers/registry.ts";
export type { TraceToWrite, TraceWriter, WrittenTrace } from "../workload/writers/trace-writer.ts";
