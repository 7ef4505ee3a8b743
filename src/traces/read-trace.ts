import {
  readTrace as readTraceOf,
  type ReadTraceOptions,
  type TraceInput,
} from "../workload/readers/read-trace.ts";
import { qwenTokenCounter } from "../files/token-counter.ts";
import type { ReadTrace } from "../workload/readers/trace-format.ts";
import { EVERY_FORMAT } from "./formats.ts";
import { EVERY_RECORD } from "./records.ts";

/**
 * Reads a trace of any of {@link EVERY_FORMAT}, in chunks, so that a file larger than memory can be
 * read as long as its columns are not: what arrived, and what was measured of it. The report says
 * which format it is and why. A format of your own is passed in `formats`. Texts without lengths are
 * counted by the real tokenizer of Qwen1.5 unless another counter is passed.
 *
 * Throws an InputError where the format is not recognised or several claim it, with what the file is
 * where it is known to hold no requests, for packed data that is damaged, for a file that is not what its format says, and for any bad row unless `lenient`.
 *
 * @example
 * const { workload, report } = await traces.readTrace(await Deno.readFile("metrics.csv"));
 * @example
 * const mine: traces.TraceFormat = { ...traces.FORMATS[0], name: "mine" };
 * const { workload } = await traces.readTrace(await Deno.readFile("mine.csv"), {
 *   ...{ formats: [...traces.FORMATS, mine], format: "mine" },
 * });
 */
export function readTrace(
  input: TraceInput,
  { formats = EVERY_FORMAT, ...options }: ReadTraceOptions = {},
): Promise<ReadTrace> {
  const { known = EVERY_RECORD, tokenCounter = qwenTokenCounter, ...more } = options;
  return readTraceOf(input, { formats, known, tokenCounter, ...more });
}
