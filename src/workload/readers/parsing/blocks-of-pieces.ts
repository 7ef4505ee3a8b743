import type { Piece } from "../../content-of-pieces.ts";

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

/** Blocks of a prompt: ids and tokens of each. */
export interface PieceBlocks {
  readonly blocks: readonly number[];
  readonly blockTokens: readonly number[];
}

/**
 * Makes blocks of prompts that are written as {@link joinedPieces}, one prompt after the other: an id for
 * each segment and place in it from which pieces begin. Prompts that begin with the same tokens begin
 * with the same ids.
 */
export function blocksOfPieces(): (pieces: readonly Piece[]) => PieceBlocks {
  const ids = new Map<string, number>();
  return (pieces) => ({
    blocks: pieces.map(([segment, offset]) => {
      const key = `${segment} ${offset}`;
      const id = ids.get(key) ?? ids.size;
      ids.set(key, id);
      return id;
    }),
    blockTokens: pieces.map(([, , tokens]) => tokens),
  });
}
