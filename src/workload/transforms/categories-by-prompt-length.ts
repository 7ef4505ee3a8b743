import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import type { Workload } from "../workload.ts";
import { withStep } from "./with-step.ts";

/** Where one category ends and the next begins. */
export const PromptLengthOptions = z.strictObject({
  /**
   * Longest prompt of every category but the last, in tokens, increasing. By default the quartiles
   * of the workload's own prompts, which a gateway could know of earlier traffic.
   */
  bounds: z.array(z.int().min(0)).min(1).max(255)
    .refine((bounds) => bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]), {
      error: "bounds that increase",
    })
    .optional(),
});
export type PromptLengthOptions = z.input<typeof PromptLengthOptions>;

/**
 * Makes categories of prompt lengths, where a trace has no better: a gateway knows the prompt's
 * length on arrival. In production traces it hardly predicts the answer's. Throws an InputError for
 * bounds that do not increase.
 *
 * To compare workloads that were resampled or thinned, give them the same `bounds`, or make the
 * categories first.
 *
 * @example
 * workloads.categoriesByPromptLength(trace, { bounds: [64, 512] }); // prompt 0–64, 65–512, over 512
 */
export function categoriesByPromptLength(
  workload: Workload,
  options: PromptLengthOptions = {},
): Workload {
  const parsed = parseWith(PromptLengthOptions, options, "categoriesByPromptLength options");
  const { requests } = workload;
  const bounds = parsed.bounds ?? quartiles(requests.promptTokens);
  const codes = new Uint8Array(requests.size);
  for (let i = 0; i < codes.length; i++) {
    const tokens = requests.promptTokens[i];
    let code = 0;
    while (code < bounds.length && tokens > bounds[code]) code++;
    codes[i] = code;
  }
  return {
    ...workload,
    requests: { ...requests, category: { codes, names: namesOf(bounds) } },
    provenance: withStep(
      workload,
      `category of a request: length of its prompt, bounds ${bounds.join(", ")} tokens`,
    ),
  };
}

function namesOf(bounds: readonly number[]): string[] {
  const ranges = bounds.map((bound, i) => `prompt ${i === 0 ? 0 : bounds[i - 1] + 1}–${bound}`);
  return [...ranges, `prompt over ${bounds.at(-1)}`];
}

/** Smallest values that a quarter, half and three quarters do not exceed; equal ones once. */
function quartiles(tokens: Int32Array): number[] {
  const sorted = tokens.toSorted();
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  return [...new Set([0.25, 0.5, 0.75].map(at))];
}
