import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { log } from "../math/log.ts";

/** A source of random numbers: one named substream of a seed. */
export interface Random {
  /** Uniform in [0, 1) with 53 random bits. */
  next(): number;
}

const UINT32 = 0x1_0000_0000;

/** 32-bit mixing of a string (FNV-1a, then the murmur3 finaliser), for seeding only. */
function hash32(text: string, salt: number): number {
  let hash = (0x811c9dc5 ^ salt) >>> 0;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

/**
 * The substream `name` of `seed` (an integer). Same seed and name: same numbers, on every machine.
 * Two purposes that use two names never share draws, so that changing one leaves the other alone
 * (common random numbers).
 */
export function substream(seed: number, name: string): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(
      `Cannot seed a substream: seed must be a safe integer, current value is ${seed}`,
    );
  }
  const key = `${seed}/${name}`;
  const state = [0x9e3779b9, 0x7f4a7c15, 0xf39cc060, 0x5cedc834].map((salt) => hash32(key, salt));
  const generator = xoroshiro128plusFromState(state);
  return {
    next(): number {
      const high = (generator.next() >>> 5) * 0x4000000;
      const low = generator.next() >>> 6;
      return (high + low) / (UINT32 * 0x200000);
    },
  };
}

/** Uniform integer in [0, bound). */
export function uniformInt(random: Random, bound: number): number {
  return Math.floor(random.next() * bound);
}

/** Standard normal (polar Box–Muller: no trigonometry, one value kept back is not needed). */
export function normal(random: Random): number {
  for (;;) {
    const u = 2 * random.next() - 1;
    const v = 2 * random.next() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return u * Math.sqrt(-2 * log(s) / s);
  }
}

/**
 * Index drawn with the given non-negative weights, at least one of them positive. Never one of
 * weight 0, also where the subtractions round up and use the draw up late.
 */
export function weightedIndex(random: Random, weights: readonly number[]): number {
  let total = 0;
  for (const weight of weights) total += weight;
  let left = random.next() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    left -= weights[i];
    if (left < 0) return i;
    last = i;
  }
  return last;
}
