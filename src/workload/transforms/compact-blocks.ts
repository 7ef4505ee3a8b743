import type { PromptBlocks } from "../workload.ts";

/** The same blocks with ids from 0 in order of first use, those of answers after them. */
export function compactBlocks(blocks: PromptBlocks): PromptBlocks {
  const numberOf = new Map<number, number>();
  const number = (id: number) => {
    let own = numberOf.get(id);
    if (own === undefined) numberOf.set(id, own = numberOf.size);
    return own;
  };
  return {
    ...blocks,
    values: blocks.values.map(number),
    ...blocks.answers && { answers: blocks.answers.map((id) => id < 0 ? id : number(id)) },
  };
}
