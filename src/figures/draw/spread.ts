/** Bounds of {@link spread}, in the unit of the positions. */
export interface SpreadOptions {
  /** Least distance of neighbours. */
  readonly gap: number;
  readonly min?: number;
  readonly max?: number;
}

interface Block {
  /** Sum of (wanted position − place in the block). */
  sum: number;
  count: number;
}

/**
 * Moves positions apart until neighbours are `gap` away from each other, with the least sum of
 * squared moves (pool adjacent violators), then as a whole inside `min … max`. The order stays; where
 * they cannot all fit, `min` is kept and `max` overrun.
 *
 * @param positions shape (n), any order
 * @returns shape (n), in the order given
 */
export function spread(
  positions: ArrayLike<number>,
  { gap, min = -Infinity, max = Infinity }: SpreadOptions,
): Float64Array {
  const order = Array.from({ length: positions.length }, (_, i) => i)
    .sort((a, b) => positions[a] - positions[b] || a - b);
  const blocks: Block[] = [];
  order.forEach((index, place) => {
    let block: Block = { sum: positions[index] - place * gap, count: 1 };
    for (let last = blocks.at(-1); last; last = blocks.at(-1)) {
      if (last.sum / last.count < block.sum / block.count) break;
      blocks.pop();
      block = { sum: last.sum + block.sum, count: last.count + block.count };
    }
    blocks.push(block);
  });
  const moved = new Float64Array(positions.length);
  let place = 0;
  const highest = max - (positions.length - 1) * gap;
  for (const { sum, count } of blocks) {
    const offset = Math.max(min, Math.min(highest, sum / count));
    for (let i = 0; i < count; i++, place++) moved[order[place]] = offset + place * gap;
  }
  return moved;
}
