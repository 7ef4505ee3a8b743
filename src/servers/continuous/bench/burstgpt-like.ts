import { exp } from "../../../math/exp.ts";
import { log } from "../../../math/log.ts";
import { normal, substream } from "../../../random/substream.ts";
import type { ServerWorkload } from "../serve.ts";

/** Options of {@link burstgptLike}. */
export interface BurstgptLikeOptions {
  readonly seed: number;
  /** Requests a second: Poisson. */
  readonly rate: number;
  /** Tokens of prompt and answer together at most. */
  readonly maxModelLen: number;
}

/**
 * A generated workload with the lengths of BurstGPT's successful rows (prompt 589 and answer 293
 * tokens in the mean, P50 382 and 254; traces reference §1): lognormal, prompts clipped to half of
 * `maxModelLen` (the means are those at 4,096). For benchmarks at sizes of which no file is at hand.
 */
export function burstgptLike(count: number, options: BurstgptLikeOptions): ServerWorkload {
  const { seed, rate, maxModelLen } = options;
  const arrivals = substream(seed, "burstgpt-like/arrivals");
  const lengths = substream(seed, "burstgpt-like/lengths");
  const arrival = new Float64Array(count);
  const promptTokens = new Int32Array(count);
  const outputTokens = new Int32Array(count);
  let now = 0;
  for (let i = 0; i < count; i++) {
    now -= log(1 - arrivals.next()) / rate;
    arrival[i] = now;
    const prompt = Math.max(1, Math.round(382 * exp(1.06 * normal(lengths))));
    const output = Math.max(1, Math.round(254 * exp(0.53 * normal(lengths))));
    promptTokens[i] = Math.min(prompt, maxModelLen >> 1);
    outputTokens[i] = Math.min(output, maxModelLen - promptTokens[i]);
  }
  return { arrival, promptTokens, outputTokens };
}
