import { MixedPrice } from "./costs/mixed-step.ts";
import type { StepCost } from "./costs/step-cost.ts";

/** Lengths of a workload that the batch is part of, by row, in tokens. */
export interface BatchLengths {
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
}

/**
 * Seconds that a static batch takes from hand-over to its longest member's last token: per-request
 * overhead, one prefill of all prompts (which yields each member's first token), then decode steps
 * in which a member leaves when its answer is complete. Between two departures the batch does not
 * change and a step's cost is affine in the context total, so each stretch is summed in closed form:
 *
 *     k steps = k·base[b] + perContextToken[b]·(k·c + b·k(k − 1)/2)
 */
export function batchSeconds(
  members: Int32Array,
  { promptTokens, outputTokens }: BatchLengths,
  cost: StepCost,
): number {
  const byLength = members.slice().sort((a, b) => outputTokens[a] - outputTokens[b]);
  let prompts = 0;
  for (const member of members) prompts += promptTokens[member];
  let seconds = members.length * cost.perRequest + prefillSeconds(members, promptTokens, cost);
  // Context read by the next decode step: every prompt, and the token made so far.
  let context = prompts + members.length;
  let made = 1;
  for (let gone = 0; gone < byLength.length; gone++) {
    const alive = byLength.length - gone;
    let steps = outputTokens[byLength[gone]] - made;
    // Steps that take the floor's seconds, one by one: the context only grows.
    const floor = cost.floor?.[alive] ?? 0;
    while (steps > 0 && cost.base[alive] + cost.perContextToken[alive] * context < floor) {
      seconds += floor;
      context += alive;
      made++;
      steps--;
    }
    if (steps > 0) {
      seconds += steps * cost.base[alive] +
        cost.perContextToken[alive] * (steps * context + alive * steps * (steps - 1) / 2);
      context += alive * steps;
      made += steps;
    }
    context -= promptTokens[byLength[gone]] + made;
  }
  return seconds;
}

/** Seconds of the one step that computes all prompts. */
function prefillSeconds(
  members: Int32Array,
  promptTokens: Int32Array,
  { base, mixed, perPrefillToken, perPrefillSequence = 0, perPrefillPair = 0 }: StepCost,
): number {
  let prefillTokens = 0, prefillPairs = 0, longestChunk = 0;
  for (const member of members) {
    const prompt = promptTokens[member];
    prefillTokens += prompt;
    prefillPairs += prompt * (prompt + 1) / 2;
    longestChunk = Math.max(longestChunk, prompt);
  }
  const prefilling = members.length;
  if (mixed === undefined) {
    return base[prefilling] + perPrefillToken * prefillTokens + perPrefillSequence * prefilling +
      perPrefillPair * prefillPairs;
  }
  return new MixedPrice(mixed).secondsAlone({
    ...{ decoding: 0, context: 0, prefilling, prefillTokens, prefillPairs, longestChunk },
    sampled: prefilling,
  });
}
