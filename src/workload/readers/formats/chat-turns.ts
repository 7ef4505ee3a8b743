import { compactBlocks } from "../../transforms/compact-blocks.ts";
import type { PromptBlocks, Ragged } from "../../workload.ts";

/** Requests by column, shape (n), with hash ids of blocks of one length. */
export interface ChatTurns {
  readonly arrival: Float64Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  /** Row of the request that each follows; -1: none that is known. */
  readonly parent: Int32Array;
  readonly blocks: Ragged;
  readonly tokensPerBlock: number;
}

/** Blocks in which later turns hold earlier answers. */
export interface TurnsWithAnswers {
  readonly promptBlocks: PromptBlocks;
  /** Requests that follow another, and those of them that can hold its answer. */
  readonly turns: number;
  readonly holding: number;
}

/**
 * Finds the answers in later turns. Hash ids name blocks of prompts, never those of answers, but a turn
 * whose ids begin with all whole blocks of the turn before, and which is at least as long as that
 * prompt and its answer, is taken to go on with both. Its blocks become the pieces of the turn before,
 * the answer, and what its own ids name beyond that. Where no turn is so, blocks stay what they are.
 */
export function turnsWithAnswers(
  { arrival, promptTokens, outputTokens, parent, blocks, tokensPerBlock }: ChatTurns,
): TurnsWithAnswers {
  // Hash ids may be as large as a column holds, and answers need ids after them.
  const { offsets, values } = compactBlocks(blocks);
  let next = values.reduce((most, id) => Math.max(most, id + 1), 0);
  const answers = new Int32Array(arrival.length).fill(-1);
  const tails = new Map<string, number>();
  const lists: { ids: number[]; tokens: number[] }[] = [];
  let turns = 0;
  let holding = 0;
  const follows = (row: number, before: number) => {
    const length = promptTokens[before];
    const ids = values.subarray(offsets[row], offsets[row + 1]);
    const held = values.subarray(offsets[before], offsets[before + 1]);
    if (held.length !== Math.ceil(length / tokensPerBlock)) return false;
    if (ids.length !== Math.ceil(promptTokens[row] / tokensPerBlock)) return false;
    if (promptTokens[row] < length + outputTokens[before]) return false;
    return held.subarray(0, Math.floor(length / tokensPerBlock)).every((id, k) => id === ids[k]);
  };
  for (
    const row of Int32Array.from(arrival.keys()).sort((a, b) => arrival[a] - arrival[b] || a - b)
  ) {
    const ids = values.subarray(offsets[row], offsets[row + 1]);
    let list: { ids: number[]; tokens: number[] } = { ids: [], tokens: [] };
    const before = parent[row];
    let covered = 0;
    if (before >= 0) turns++;
    if (before >= 0 && lists[before] !== undefined && follows(row, before)) {
      holding++;
      if (answers[before] < 0) answers[before] = next++;
      list = {
        ids: [...lists[before].ids, answers[before]],
        tokens: [...lists[before].tokens, outputTokens[before]],
      };
      covered = promptTokens[before] + outputTokens[before];
    }
    for (
      let k = Math.floor(covered / tokensPerBlock);
      covered < promptTokens[row] && k < ids.length;
      k++
    ) {
      const begun = covered % tokensPerBlock;
      const tokens = Math.min(tokensPerBlock - begun, promptTokens[row] - covered);
      let id = ids[k];
      if (begun > 0) {
        const key = `${ids[k]}/${begun}`;
        const known = tails.get(key);
        id = known ?? next++;
        if (known === undefined) tails.set(key, id);
      }
      list.ids.push(id);
      list.tokens.push(tokens);
      covered += tokens;
    }
    lists[row] = list;
  }
  if (holding === 0) return { promptBlocks: { ...blocks, tokensPerBlock }, turns, holding };
  const found = new Int32Array(offsets.length);
  lists.forEach(({ ids }, row) => found[row + 1] = found[row] + ids.length);
  const joined = (of: "ids" | "tokens") => {
    const column = new Int32Array(found[lists.length]);
    lists.forEach((list, row) => column.set(list[of], found[row]));
    return column;
  };
  return {
    promptBlocks: { offsets: found, values: joined("ids"), tokens: joined("tokens"), answers },
    turns,
    holding,
  };
}
