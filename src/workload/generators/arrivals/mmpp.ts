import { exponential } from "../../../random/exponential.ts";
import { type Random, weightedIndex } from "../../../random/substream.ts";
import type { ArrivalProcess } from "./arrival-process.ts";

/** Options of {@link mmpp}. */
export interface MmppOptions {
  /** Requests a second in each of k states. */
  readonly rates: readonly number[];
  /** Mean seconds in each state before it changes. */
  readonly sojournSeconds: readonly number[];
  /**
   * Shape (k, k): weight with which the next state follows one; a state does not follow itself. All
   * others with the same weight by default.
   */
  readonly transitions?: readonly (readonly number[])[];
}

/**
 * Markov-modulated Poisson process: Poisson arrivals at the rate of a hidden state that stays for an
 * exponential time and then changes. Starts in a state of the long run. Two states, one of them of
 * rate 0, are on-off bursts.
 *
 * Of two states with rates λ₁, λ₂ and mean sojourns s₁, s₂, with κ = 1/s₁ + 1/s₂, V = s₁s₂ (λ₁ − λ₂)²
 * / (s₁ + s₂)² and mean rate λ, the index of dispersion of counts in t seconds is
 * 1 + 2V/λ · (1/κ − (1 − e^−κt)/(κ²t)).
 */
export function mmpp(random: Random, options: MmppOptions): ArrivalProcess {
  const { rates, sojournSeconds } = options;
  const transitions = options.transitions ?? rates.map(() => rates.map(() => 1));
  const follow = transitions.map((row, state) => row.map((w, next) => next === state ? 0 : w));
  const idle = rates.every((rate) => rate === 0);
  let state = weightedIndex(random, longRun(follow, sojournSeconds));
  let now = 0;
  let change = sojournSeconds[state] * exponential(random);
  return {
    next() {
      if (idle) return Infinity;
      for (;;) {
        const gap = rates[state] > 0 ? exponential(random) / rates[state] : Infinity;
        if (now + gap <= change) return now += gap;
        // Exponential gaps forget: what is left of this one is drawn anew at the next rate.
        now = change;
        state = weightedIndex(random, follow[state]);
        change += sojournSeconds[state] * exponential(random);
      }
    },
  };
}

/** Share of time in each state, up to a factor: visits of the embedded chain times sojourn. */
function longRun(follow: readonly (readonly number[])[], sojourn: readonly number[]): number[] {
  const k = sojourn.length;
  if (k === 1) return [1];
  const sums = follow.map((row) => row.reduce((sum, weight) => sum + weight, 0));
  let visits = new Float64Array(k).fill(1 / k);
  // Half a step each time, so that chains which alternate settle too.
  for (let step = 0; step < 10_000; step++) {
    const next = visits.map((share) => share / 2);
    for (let from = 0; from < k; from++) {
      for (let to = 0; to < k; to++) {
        next[to] += visits[from] * follow[from][to] / sums[from] / 2;
      }
    }
    const moved = next.reduce((sum, share, i) => sum + Math.abs(share - visits[i]), 0);
    visits = next;
    if (moved < 1e-14) break;
  }
  return Array.from(visits, (share, state) => share * sojourn[state]);
}
