import { openTrace as openTraceOf, type OpenTraceOptions } from "../files/open-trace.ts";
import type { ReadTrace } from "../workload/readers/trace-format.ts";
import { EVERY_FORMAT } from "./formats.ts";
import { EVERY_RECORD } from "./records.ts";

/**
 * Reads a trace of any of {@link EVERY_FORMAT} from a file, or from a folder of ServeGen's client
 * files. The further files of a trace of several are looked for beside it, packed ones too. A format
 * of your own is passed in `formats`; of a table or a log with names of your own, `map` says which column
 * is what.
 *
 * Throws an InputError as `readTrace` does, which says what the file is where it is known to hold no
 * requests ({@link EVERY_RECORD}), and where there is no such file.
 *
 * @example
 * const { workload, report } = await openTrace("conv_1week.csv.gz");
 * @example
 * const map = { arrival: "ts_ms:ms", prompt: "usage.prompt_tokens", output: "usage.output_tokens" };
 * const { workload } = await openTrace("requests.jsonl", { map });
 */
export function openTrace(
  path: string | URL,
  { formats = EVERY_FORMAT, known = EVERY_RECORD, ...options }: OpenTraceOptions = {},
): Promise<ReadTrace> {
  return openTraceOf(path, { formats, known, ...options });
}
