import type { ReadTrace } from "../workload/readers/trace-format.ts";
import { openTrace, type OpenTraceOptions } from "./open-trace.ts";
import { DATA_FOLDER } from "./read-bundled.ts";

/**
 * Reads a bundled trace, whatever the working directory; options as of {@link openTrace}.
 *
 * @param name path below `data/`
 * @example
 * const { workload } = await data.openBundled("azure_llm_2023/AzureLLMInferenceTrace_conv.csv.gz");
 */
export async function openBundled(name: string, options?: OpenTraceOptions): Promise<ReadTrace> {
  const trace = await openTrace(new URL(name, DATA_FOLDER), options);
  return { ...trace, report: { ...trace.report, source: `data/${name}` } };
}
