import { promptContent } from "../content-of-prompts.ts";
import type { PromptContent } from "../prompt-content.ts";
import type { Workload } from "../workload.ts";
import { PrefixTree } from "./prefix-tree.ts";

/** Tokens of a KV block of vLLM by default on an NVIDIA GPU. */
const BLOCK_TOKENS = 16;

/** What prompts are made of, and how long everything is. Shape (n) each, in the order of arrival. */
export interface PromptsSeen {
  readonly content: PromptContent;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
}

/**
 * Tokens at the beginning of each prompt that a cache without a limit holds when it arrives: whole
 * blocks that begin an earlier prompt, or an earlier prompt and its answer. As in vLLM the last token
 * of a prompt is always computed, and the last of an answer has no KV. Shape (n).
 *
 * An upper bound of what a server reuses: one with less memory evicts, and an answer that is not
 * there yet is reused by nobody.
 *
 * @param blockTokens tokens of a KV block
 */
export function sharedPrefixTokens(
  { content: { offsets, text, from, tokens, answer }, promptTokens, outputTokens }: PromptsSeen,
  blockTokens = BLOCK_TOKENS,
): Int32Array {
  const tree = new PrefixTree();
  return promptTokens.map((length, row) => {
    tree.begin();
    let shared = 0;
    let covered = 0;
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      shared += tree.add(text[at], from?.[at] ?? 0, tokens[at]);
      covered += tokens[at];
    }
    // What follows a part of the prompt that nobody shares is shared with nobody.
    if (answer !== undefined && answer[row] >= 0 && covered === length && outputTokens[row] > 1) {
      tree.add(answer[row], 0, outputTokens[row] - 1);
    }
    return Math.floor(Math.min(shared, length - 1) / blockTokens) * blockTokens;
  });
}

/**
 * Share of all prompt tokens that repeat an earlier prefix, see {@link sharedPrefixTokens}: an upper
 * bound of a prefix cache's hit rate. Undefined where the workload does not say what prompts share.
 *
 * @example
 * // 0.4 means: two of five prompt tokens need not be computed.
 * const share = workloads.sharedPrefixShare(trace);
 */
export function sharedPrefixShare(
  { requests, truth }: Pick<Workload, "requests" | "truth">,
  blockTokens = BLOCK_TOKENS,
): number | undefined {
  const content = promptContent(requests);
  if (content === undefined) return undefined;
  const { promptTokens } = requests;
  const { outputTokens } = truth;
  const shared = sharedPrefixTokens({ content, promptTokens, outputTokens }, blockTokens);
  const sum = (column: Int32Array) => column.reduce((total, each) => total + each, 0);
  return sum(shared) / sum(promptTokens);
}
