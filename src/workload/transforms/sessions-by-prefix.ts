import { InputError } from "../../errors/input-error.ts";
import type { Workload } from "../workload.ts";
import { withStep } from "./with-step.ts";

/**
 * Tells conversations by what prompts share, for a trace that has prompt blocks and no sessions: of one
 * conversation are the requests whose prompts share more than what every prompt begins with. A prompt
 * that is no longer than that is of no session.
 *
 * That is an assumption. Two conversations that begin with the same document count as one.
 *
 * Throws an InputError for a workload that does not say what prompts consist of.
 *
 * @example
 * const { workload: trace } = await data.openBundled("mooncake/conversation_trace.jsonl.gz");
 * const fifth = workloads.thin(workloads.sessionsByPrefix(trace), { keep: 0.2, by: "session" });
 */
export function sessionsByPrefix(workload: Workload): Workload {
  const { requests } = workload;
  const { promptBlocks, size } = requests;
  if (promptBlocks === undefined) {
    throw new InputError({
      file: `workload ${workload.name}`,
      field: "promptBlocks",
      value: undefined,
      expected: "blocks of each prompt: without them nothing says which prompts share",
    });
  }
  const { offsets, values } = promptBlocks;
  const common = commonBlocks(promptBlocks, size);
  const codeOf = new Map<number, number>();
  const names = [""];
  const codes = Int32Array.from({ length: size }, (_, row) => {
    const at = offsets[row] + common;
    if (at >= offsets[row + 1]) return 0;
    let code = codeOf.get(values[at]);
    if (code === undefined) {
      codeOf.set(values[at], code = names.length);
      names.push(String(code));
    }
    return code;
  });
  return {
    ...workload,
    requests: { ...requests, session: { codes, names } },
    provenance: withStep(
      workload,
      `sessions by prefix: ${
        names.length - 1
      } by the block after the ${common} that all begin with`,
    ),
  };
}

/** Blocks that all prompts begin with, but for prompts that are shorter. */
function commonBlocks(
  { offsets, values }: { readonly offsets: Int32Array; readonly values: Int32Array },
  size: number,
): number {
  for (let place = 0;; place++) {
    let first: number | undefined;
    for (let row = 0; row < size; row++) {
      const at = offsets[row] + place;
      if (at >= offsets[row + 1]) continue;
      if (first === undefined) first = values[at];
      else if (values[at] !== first) return place;
    }
    if (first === undefined) return place;
  }
}
