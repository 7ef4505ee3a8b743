import type { PromptBlocks, Requests } from "./workload.ts";

/**
 * Tokens of each block of each prompt, where they are known: by the list itself, or because all
 * blocks of a prompt but its last are of one length. A block that begins beyond its prompt's end has
 * 0. Shape (values); undefined where lengths are not known.
 */
export function blockTokens(
  { offsets, values, tokens, tokensPerBlock }: PromptBlocks,
  promptTokens: Requests["promptTokens"],
): Int32Array | undefined {
  if (tokens !== undefined || tokensPerBlock === undefined) return tokens;
  const all = new Int32Array(values.length);
  for (let row = 0; row < promptTokens.length; row++) {
    let left = promptTokens[row];
    for (let at = offsets[row]; at < offsets[row + 1] && left > 0; at++) {
      all[at] = Math.min(left, tokensPerBlock);
      left -= all[at];
    }
  }
  return all;
}
