import {
  readTrace,
  type ReadTraceOptions,
  type TraceInput,
} from "../../workload/readers/read-trace.ts";
import type { ReadTrace } from "../../workload/readers/trace-format.ts";
import { EVERY_FORMAT } from "./registry.ts";

/**
 * `readTrace` over all formats, those of runs too (our own and the reference's `metrics.csv`): what
 * arrived, and what was measured of it.
 *
 * @example
 * const { workload } = await readAny(await Deno.readFile("metrics.csv"));
 */
export function readAny(input: TraceInput, options: ReadTraceOptions = {}): Promise<ReadTrace> {
  return readTrace(input, { formats: EVERY_FORMAT, ...options });
}
