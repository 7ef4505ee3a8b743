import { MixedPrice } from "./mixed-step.ts";
import type { StepCost } from "./step-cost.ts";

/** Loads of steps as an iteration log tells them, by column. Shape (n) each. */
export interface StepLoads {
  readonly decoding: Int32Array;
  readonly context: Float64Array;
  readonly prefilling: Int32Array;
  readonly prefillTokens: Int32Array;
  readonly prefillPairs: Float64Array;
}

/**
 * Seconds that a step cost gives each of the steps, one by one: no step runs while the next is
 * launched. What the log does not say is taken as even: prompts of one step are equally long, and each
 * ends in it. Shape (n); NaN for more sequences than the cost knows.
 */
export function priceLoads(cost: StepCost, loads: StepLoads): Float64Array {
  const { base, perContextToken, floor, mixed } = cost;
  const { perPrefillToken, perPrefillSequence = 0, perPrefillPair = 0 } = cost;
  const price = mixed === undefined ? null : new MixedPrice(mixed);
  return Float64Array.from(loads.decoding, (decoding, i) => {
    if (decoding >= base.length) return NaN;
    const context = loads.context[i], prefilling = loads.prefilling[i];
    const prefillTokens = loads.prefillTokens[i], prefillPairs = loads.prefillPairs[i];
    if (prefilling === 0 || price === null) {
      const seconds = base[decoding] + perContextToken[decoding] * context +
        perPrefillToken * prefillTokens + perPrefillSequence * prefilling +
        perPrefillPair * prefillPairs;
      return prefilling === 0 ? Math.max(seconds, floor?.[decoding] ?? 0) : seconds;
    }
    return price.secondsAlone({
      ...{ decoding, context, prefilling, prefillTokens, prefillPairs },
      longestChunk: Math.ceil(prefillTokens / prefilling),
      sampled: decoding + prefilling,
    });
  });
}
