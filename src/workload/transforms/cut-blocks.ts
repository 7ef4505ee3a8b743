import { blockTokens } from "../block-tokens.ts";
import type { PromptBlocks } from "../workload.ts";
import { gather } from "./gather.ts";

/**
 * Blocks of prompts that are cut at their ends: what lies beyond is left out, and a block across the
 * end is shorter. Undefined where the lengths of blocks are not known.
 *
 * @param promptTokens shape (n), of the prompts as they are sent
 */
export function cutBlocks(
  blocks: PromptBlocks,
  promptTokens: Int32Array,
): PromptBlocks | undefined {
  const tokens = blockTokens(blocks, promptTokens);
  if (tokens === undefined) return undefined;
  const offsets = new Int32Array(blocks.offsets.length);
  const kept = new Int32Array(blocks.values.length);
  const left = new Int32Array(blocks.values.length);
  let next = 0;
  for (let row = 0; row < promptTokens.length; row++) {
    let room = promptTokens[row];
    for (let at = blocks.offsets[row]; at < blocks.offsets[row + 1] && room > 0; at++) {
      kept[next] = at;
      left[next] = Math.min(room, tokens[at]);
      room -= left[next++];
    }
    offsets[row + 1] = next;
  }
  const places = kept.subarray(0, next);
  const { parts, tokensPerBlock } = blocks;
  return {
    ...blocks,
    offsets,
    values: gather(blocks.values, places),
    ...tokensPerBlock === undefined && { tokens: left.slice(0, next) },
    ...parts && { parts: { ...parts, codes: gather(parts.codes, places) } },
  };
}
