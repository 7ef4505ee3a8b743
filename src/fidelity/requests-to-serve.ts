import { InputError } from "../errors/input-error.ts";
import { promptContent } from "../workload/content-of-prompts.ts";
import type { Workload } from "../workload/workload.ts";
import type { RequestsToServe } from "./simulate-recording.ts";

/**
 * The requests of any workload as predictions take them: by arrival, no priorities, with what their
 * prompts share. Throws an InputError for a workload of several phases, whose clocks start anew.
 *
 * @example
 * const { workload: chat } = await data.openBundled("vllm_cpu_chat/chat_l5.apc.requests.jsonl.gz");
 * const { metrics } = fidelity.predictionIntervals(fidelity.requestsToServe(chat), {});
 */
export function requestsToServe({ name, requests, truth }: Workload): RequestsToServe {
  const { size, arrival, promptTokens, tier, phases } = requests;
  if (phases.length > 1) {
    throw new InputError({
      file: `workload ${name}`,
      field: "phases",
      value: phases.map((phase) => phase.name).join(", "),
      expected: "one phase: arrivals of a later one depend on when the one before has ended",
    });
  }
  const content = promptContent(requests);
  return {
    ...{ size, arrival, promptTokens, outputTokens: truth.outputTokens },
    priority: new Int32Array(size),
    tier: Uint8Array.from(tier.codes),
    ...content && { content },
  };
}
