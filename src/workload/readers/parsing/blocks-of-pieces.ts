import type { Piece } from "../../content-of-pieces.ts";
import type { PromptBlocks } from "../../workload.ts";

/** Pieces with those joined that go on where the one before ended. */
export function joinedPieces(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const [segment, offset, tokens] of pieces) {
    const before = found.at(-1);
    if (before !== undefined && before[0] === segment && before[1] + before[2] === offset) {
      found[found.length - 1] = [segment, before[1], before[2] + tokens];
    } else found.push([segment, offset, tokens]);
  }
  return found;
}

/**
 * Blocks of prompts that are written as {@link joinedPieces}: an id for each segment and place in it
 * from which pieces begin. Prompts that begin with the same tokens begin with the same ids.
 */
export function blocksOfPieces(prompts: readonly (readonly Piece[])[]): PromptBlocks {
  const ids = new Map<string, number>();
  const offsets = new Int32Array(prompts.length + 1);
  prompts.forEach((pieces, row) => offsets[row + 1] = offsets[row] + pieces.length);
  const all = prompts.flat();
  const values = Int32Array.from(all, ([segment, offset]) => {
    const key = `${segment} ${offset}`;
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  });
  return { offsets, values, tokens: Int32Array.from(all, ([, , tokens]) => tokens) };
}
