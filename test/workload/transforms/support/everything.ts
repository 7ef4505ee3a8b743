import type { Workload } from "../../../../src/workload/workload.ts";
import { smallWorkload } from "./small-workload.ts";

/** One phase of seven requests with every optional column, arrivals 0 to 6 s. */
export function everything(): Workload {
  const small = smallWorkload();
  return {
    ...small,
    requests: {
      ...small.requests,
      arrival: Float64Array.of(0, 1, 2, 3, 4, 5, 6),
      phases: [{ name: "trace", first: 0, afterDrainSeconds: 0 }],
      session: { codes: Uint8Array.of(1, 2, 1, 0, 2, 2, 0), names: ["", "s", "t"] },
      model: { codes: Uint8Array.of(0, 0, 1, 1, 0, 0, 1), names: ["m", "n"] },
      promptBlocks: {
        offsets: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 8),
        values: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 9),
        tokensPerBlock: 4,
        answers: Int32Array.of(7, -1, -1, 9, -1, -1, -1),
      },
      extra: { images: Int32Array.of(1, 0, 0, 2, 0, 0, 3) },
    },
  };
}

/** A workload's rows as objects, for comparing. */
export function rowsOf({ requests, truth }: Workload) {
  const name = (
    { codes, names }: { codes: ArrayLike<number>; names: readonly string[] },
    i: number,
  ) => names[codes[i]];
  return Array.from({ length: requests.size }, (_, i) => ({
    arrival: requests.arrival[i],
    tenant: name(requests.tenant, i),
    tier: name(requests.tier, i),
    category: name(requests.category, i),
    prompt: requests.promptTokens[i],
    output: truth.outputTokens[i],
    maxTokens: requests.maxTokens[i],
    ...requests.session && { session: name(requests.session, i) },
    ...requests.model && { model: name(requests.model, i) },
    ...requests.promptBlocks && {
      blocks: [...requests.promptBlocks.values.subarray(
        requests.promptBlocks.offsets[i],
        requests.promptBlocks.offsets[i + 1],
      )],
      answer: requests.promptBlocks.answers?.[i] ?? -1,
    },
    ...requests.extra?.images && { images: (requests.extra.images as Int32Array)[i] },
  }));
}
