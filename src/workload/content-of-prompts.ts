import { blockTokens } from "./block-tokens.ts";
import { estimateBlockTokens } from "./estimate-block-tokens.ts";
import type { PromptContent } from "./prompt-content.ts";
import type { PromptBlocks, Requests } from "./workload.ts";

/** Contents made before, for the columns that they were made of. */
const MADE = new WeakMap<PromptBlocks, { promptTokens: Int32Array; content: PromptContent }>();

/**
 * What the prompts of a workload consist of, as a server with a prefix cache needs it: a piece for each
 * block, its id the number of the text. Undefined where the workload does not say what its prompts
 * share; what a cache would hit is then an assumption.
 *
 * Blocks whose lengths are not known get lengths by {@link estimateBlockTokens}, of these requests
 * alone; readers of such traces do so once for the whole trace, and say it.
 *
 * @example
 * const content = workloads.promptContent(trace.requests);
 */
export function promptContent(
  { size, promptTokens, promptBlocks }: Pick<Requests, "size" | "promptTokens" | "promptBlocks">,
): PromptContent | undefined {
  if (promptBlocks === undefined) return undefined;
  const made = MADE.get(promptBlocks);
  if (made?.promptTokens === promptTokens) return made.content;
  const content = contentOf(promptBlocks, { size, promptTokens });
  MADE.set(promptBlocks, { promptTokens, content });
  return content;
}

function contentOf(
  promptBlocks: PromptBlocks,
  { size, promptTokens }: Pick<Requests, "size" | "promptTokens">,
): PromptContent {
  const { offsets, values, answers } = promptBlocks;
  const tokens = blockTokens(promptBlocks, promptTokens) ??
    estimateBlockTokens(promptBlocks, promptTokens).tokens;
  const empty = tokens.reduce((count, each) => count + Number(each === 0), 0);
  const answer = answers && { answer: answers };
  if (empty === 0) return { offsets, text: values, tokens, ...answer };
  const kept = {
    offsets: new Int32Array(size + 1),
    text: new Int32Array(values.length - empty),
    tokens: new Int32Array(values.length - empty),
  };
  let next = 0;
  for (let row = 0; row < size; row++) {
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      if (tokens[at] === 0) continue;
      kept.text[next] = values[at];
      kept.tokens[next++] = tokens[at];
    }
    kept.offsets[row + 1] = next;
  }
  return { ...kept, ...answer };
}
