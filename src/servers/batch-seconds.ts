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
  let seconds = members.length * cost.perRequest + cost.base[members.length] +
    cost.perPrefillToken * prompts;
  // Context read by the next decode step: every prompt, and the token made so far.
  let context = prompts + members.length;
  let made = 1;
  for (let gone = 0; gone < byLength.length; gone++) {
    const alive = byLength.length - gone;
    const steps = outputTokens[byLength[gone]] - made;
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
