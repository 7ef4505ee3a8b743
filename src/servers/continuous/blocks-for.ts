/** KV blocks of `blockSize` tokens that hold `tokens`. An integer to the machine, so not boxed. */
export function blocksFor(tokens: number, blockSize: number): number {
  return ((tokens + blockSize - 1) / blockSize) | 0;
}
