import { InputError } from "../../errors/input-error.ts";
import type { StepPower } from "../costs/step-power.ts";
import type { PlannedStep } from "./planned-step.ts";
import type { Stretch } from "./stretch.ts";

/**
 * Joules that a server draws, step by step or many steps at once: over the repetitions of a step
 * watts and seconds both grow linearly with the context, so the sum of their products is closed.
 */
export class EnergyMeter {
  /** Joules of all that was counted. */
  joules = 0;
  readonly #power: StepPower;

  /** @param maxSequences sequences in a step at most; the power must be known for as many */
  constructor(power: StepPower, maxSequences: number) {
    for (const field of ["base", "perContextToken"] as const) {
      if (power[field].length > maxSequences) continue;
      throw new InputError({
        file: "step power",
        field,
        value: `${power[field].length - 1} sequences`,
        expected: `watts for batches of up to max_num_seqs (${maxSequences}) sequences`,
      });
    }
    this.#power = power;
  }

  /** Counts idle time from instant `from` to instant `to`, seconds. */
  idle(from: number, to: number): void {
    this.joules = this.joulesWithIdle(from, to);
  }

  /** What {@link joules} would be with idle time from `from` to `to` as well. */
  joulesWithIdle(from: number, to: number): number {
    return to > from ? this.joules + this.#power.idleWatts * (to - from) : this.joules;
  }

  /** Counts `n` repetitions of `step`, whose times `stretch` has priced. */
  run(step: PlannedStep, stretch: Stretch, n: number): void {
    const { decoding, context, prefillTokens } = step, power = this.#power;
    const seconds = stretch.firstSeconds, secondsMore = stretch.secondsMore;
    const perToken = power.perContextToken[decoding];
    const watts = power.base[decoding] + perToken * context +
      power.perPrefillToken * prefillTokens;
    const wattsMore = perToken * decoding;
    // Sums of i and of i² for i < n.
    const linear = n * (n - 1) / 2, squares = linear * (2 * n - 1) / 3;
    this.joules += n * seconds * watts + linear * (seconds * wattsMore + secondsMore * watts) +
      squares * secondsMore * wattsMore;
  }
}
