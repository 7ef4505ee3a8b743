import {
  readTrace,
  type ReadTraceOptions,
  type TraceInput,
} from "../../workload/readers/read-trace.ts";
import type { ReadTrace } from "../../workload/readers/trace-format.ts";
import { FORMATS_AND_RUNS } from "./registry.ts";

/**
 * `readTrace` over the formats of traces and our own of runs: what arrived, and what was measured of it.
 * Further formats are passed in `formats`.
 *
 * @example
 * const { workload } = await traces.readTrace(await Deno.readFile("fifo.run.json"));
 */
export function readAny(
  input: TraceInput,
  { formats = FORMATS_AND_RUNS, ...options }: ReadTraceOptions = {},
): Promise<ReadTrace> {
  return readTrace(input, { formats, ...options });
}
