import { substream } from "../random/substream.ts";

/** A wait that doubles from one time to the next. */
export interface Backoff {
  readonly baseSeconds: number;
  readonly maxSeconds: number;
}

/**
 * Seconds to wait for the `count`-th time (from 1): drawn between half of base × 2^(count − 1), at
 * most `maxSeconds`, and the whole of it, so that many who failed together do not come back
 * together. A function of seed and name alone.
 */
export function jitteredDelay(
  { baseSeconds, maxSeconds }: Backoff,
  count: number,
  draw: { readonly seed: number; readonly name: string },
): number {
  const longest = Math.min(maxSeconds, baseSeconds * 2 ** Math.min(count - 1, 60));
  return longest * (0.5 + 0.5 * substream(draw.seed, `${draw.name}/${count}`).next());
}
