import { promptContent } from "../content-of-prompts.ts";
import type { PromptBlocks, Requests } from "../workload.ts";

/** Hash ids of prompts, one a block of a fixed length, covering each prompt exactly. */
export interface HashBlocks {
  /** Ids of one request's blocks. */
  of(row: number): ArrayLike<number>;
  /** What had to be made up or was lost, in words. */
  readonly lost: readonly string[];
}

/**
 * Prompt blocks as lists of hash ids that cover every prompt: ceil(tokens / blockTokens) each, as
 * tools that make prompts of them need. Blocks of that length stay what they are, shorter ones that
 * divide it are joined (ids then name the prompt up to there). Where a prompt has more ids than it
 * needs the rest is left out. Blocks of other lengths are cut anew, and ids name the prompt up to
 * there: what prompts share beyond a whole block is lost. Missing ids, and all of a workload without
 * blocks or without their lengths, are new and shared with nobody, so that no common prefix is made up.
 */
export function hashBlocks(requests: Requests, blockTokens: number): HashBlocks {
  const { size, promptTokens, promptBlocks: blocks } = requests;
  const needed = (row: number) => Math.ceil(promptTokens[row] / blockTokens);
  if (blocks === undefined || (blocks.tokens ?? blocks.tokensPerBlock) === undefined) {
    const lost = blocks === undefined
      ? "hash_ids: made up, shared by no two requests, as the workload has no prompt blocks"
      : "prompt blocks: of lengths that are not known; hash_ids are made up, shared by no two requests";
    const starts = new Float64Array(size + 1);
    for (let row = 0; row < size; row++) starts[row + 1] = starts[row] + needed(row);
    return {
      of: (row) => Array.from({ length: needed(row) }, (_, k) => starts[row] + k),
      lost: [lost],
    };
  }
  const joins = divides(blocks, blockTokens);
  if (joins === 0) return cutAnew(requests, blockTokens);
  const lists = joins === 1 ? listsOf(blocks, size) : joined(blocks, size, joins);
  const highest = lists.reduce(
    (most, list) => list.reduce((most, id) => Math.max(most, id), most),
    -1,
  );
  let fresh = highest + 1;
  let cut = 0;
  let filled = 0;
  const covering = lists.map((list, row) => {
    const count = needed(row);
    if (list.length === count) return list;
    if (list.length > count) {
      cut++;
      return list.slice(0, count);
    }
    filled++;
    return [...list, ...Array.from({ length: count - list.length }, () => fresh++)];
  });
  return {
    of: (row) => covering[row],
    lost: [
      ...cut > 0 ? [`hash_ids beyond their prompt, of ${cut} requests`] : [],
      ...filled > 0 ? [`hash_ids made up for the uncovered end of ${filled} prompts`] : [],
    ],
  };
}

/** How many of the blocks make one of `blockTokens`; 0: no whole number does. */
function divides({ tokensPerBlock, values }: PromptBlocks, blockTokens: number): number {
  if (tokensPerBlock === undefined || values.some((id) => id < 0)) return 0;
  return blockTokens % tokensPerBlock === 0 ? blockTokens / tokensPerBlock : 0;
}

function listsOf({ offsets, values }: PromptBlocks, size: number): number[][] {
  return Array.from(
    { length: size },
    (_, row) => Array.from(values.subarray(offsets[row], offsets[row + 1])),
  );
}

/** Lists with one id for `joins` old ones: the same id where the prompt up to there is the same. */
function joined(blocks: PromptBlocks, size: number, joins: number): number[][] {
  const idOf = new Map<string, number>();
  return listsOf(blocks, size).map((list) => {
    let before = -1;
    return Array.from({ length: Math.ceil(list.length / joins) }, (_, k) => {
      const key = `${before}:${list.slice(k * joins, (k + 1) * joins).join()}`;
      let id = idOf.get(key);
      if (id === undefined) idOf.set(key, id = idOf.size);
      return before = id;
    });
  });
}

/** Blocks of another length: the same id where the prompt up to a block's end is the same. */
function cutAnew(requests: Requests, blockTokens: number): HashBlocks {
  const { size, promptTokens, promptBlocks } = requests;
  const { offsets, text, tokens } = promptContent(requests)!;
  const idOf = new Map<string, number>();
  let next = 0;
  const lists = Array.from({ length: size }, (_, row) => {
    const ids: number[] = [];
    let at = offsets[row];
    let used = 0;
    let before = -1;
    for (let left = promptTokens[row]; left > 0; left -= blockTokens) {
      const wanted = Math.min(left, blockTokens);
      let key = String(before);
      let missing = wanted;
      while (missing > 0 && at < offsets[row + 1]) {
        const taken = Math.min(missing, tokens[at] - used);
        key += `:${text[at]},${used},${taken}`;
        missing -= taken;
        used += taken;
        if (used === tokens[at]) {
          at++;
          used = 0;
        }
      }
      let id = missing === 0 ? idOf.get(key) : undefined;
      if (id === undefined) {
        id = next++;
        if (missing === 0) idOf.set(key, id);
      }
      ids.push(before = id);
    }
    return ids;
  });
  const lengths = promptBlocks!.tokensPerBlock === undefined
    ? "different lengths"
    : `${promptBlocks!.tokensPerBlock} tokens`;
  return {
    of: (row) => lists[row],
    lost: [
      `prompt blocks: of ${lengths}, cut anew into blocks of ${blockTokens}; what prompts share ` +
      "beyond a whole block is lost",
    ],
  };
}
