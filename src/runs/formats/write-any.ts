import { writeTrace, type WriteTraceOptions } from "../../workload/writers/registry.ts";
import type { TraceToWrite, WrittenTrace } from "../../workload/writers/trace-writer.ts";
import { WRITERS_AND_RUNS } from "./registry.ts";

/**
 * `writeTrace` to every format that can be written, our own of runs too, which keeps measured times.
 *
 * @example
 * const { chunks, lost } = traces.writeTrace(await traces.readTrace(bytes), { format: "driftsched-run" });
 */
export function writeAny(trace: TraceToWrite, options: WriteTraceOptions): WrittenTrace {
  return writeTrace(trace, { writers: WRITERS_AND_RUNS, ...options });
}
