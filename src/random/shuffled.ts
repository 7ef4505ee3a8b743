import { type Random, uniformInt } from "./substream.ts";

/** 0 to n − 1 in random order (Fisher–Yates). */
export function shuffled(random: Random, n: number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = uniformInt(random, i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
