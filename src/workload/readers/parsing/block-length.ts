import type { RowProblem } from "./row-verdict.ts";

/** Powers of two that are tried as the length of a block. */
const LARGEST_BLOCK = 65_536;
/** Rows that may have more ids than a length allows, of those with ids: a few bad ones. */
const BAD = 0.1;
/** Rows whose ids must just cover the prompt, of those with ids, and blocks that must have an id. */
const COVERED = 0.5;

/**
 * Powers of two that can be the tokens of a block, smallest first: with such a length half of the
 * prompts that have ids have as many as just cover them, half of all their blocks have one, and hardly any
 * prompt has more. None where no row has ids.
 *
 * @param offsets where the ids of each row begin; shape (n + 1)
 */
export function fittingBlocks(promptTokens: Int32Array, offsets: Int32Array): number[] {
  const found: number[] = [];
  for (let block = 1; block <= LARGEST_BLOCK; block *= 2) {
    let [rows, covered, more, blocks, named] = [0, 0, 0, 0, 0];
    for (let row = 0; row < promptTokens.length; row++) {
      const ids = offsets[row + 1] - offsets[row];
      if (ids === 0) continue;
      const needed = Math.ceil(promptTokens[row] / block);
      rows++;
      blocks += needed;
      named += Math.min(ids, needed);
      if (ids === needed) covered++;
      else if (ids > needed) more++;
    }
    const fits = covered >= COVERED * rows && named >= COVERED * blocks && more <= BAD * rows;
    if (rows > 0 && fits) found.push(block);
  }
  return found;
}

/** What is wrong with a prompt that has more ids of blocks than it has room for. */
export function idsBeyondPrompt(
  ids: number,
  { promptTokens, blockTokens, field }: {
    promptTokens: number;
    blockTokens: number;
    field: string;
  },
): RowProblem | undefined {
  const most = Math.ceil(promptTokens / blockTokens);
  if (ids <= most) return undefined;
  return {
    field,
    value: `${ids} ids`,
    expected: `at most ${most}, for a prompt of ${promptTokens} tokens in blocks of ` +
      `${blockTokens}; the option blockTokens names another length`,
  };
}
