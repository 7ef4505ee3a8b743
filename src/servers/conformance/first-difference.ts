import type { StepRun } from "./scenario.ts";

/** What was decided in one step; null: there was no such step. */
export type Decision = Pick<StepRun, "scheduled" | "preempted" | "finished" | "cached"> | null;

/** The first step in which two schedulers differ. */
export interface StepDifference {
  /** Call of `schedule()`, from 0. */
  readonly step: number;
  readonly ours: Decision;
  readonly vllm: Decision;
}

/** Walks the single steps of a list of runs. */
class StepCursor {
  #run = 0;
  #within = 0;
  constructor(readonly runs: readonly StepRun[]) {}

  get step(): number {
    return this.#run < this.runs.length ? this.runs[this.#run].at + this.#within : Infinity;
  }

  get decision(): Decision {
    if (this.#run === this.runs.length) return null;
    const { repeats, scheduled, preempted, finished, cached } = this.runs[this.#run];
    return {
      scheduled,
      preempted: this.#within === 0 ? preempted : [],
      cached: this.#within === 0 ? cached : [],
      finished: this.#within === repeats - 1 ? finished : [],
    };
  }

  advance(): void {
    if (++this.#within === this.runs[this.#run].repeats) {
      this.#run++;
      this.#within = 0;
    }
  }
}

const sameNumbers = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((value, i) => value === b[i]);

const samePairs = (
  a: readonly (readonly [number, number])[],
  b: readonly (readonly [number, number])[],
) => a === b || (a.length === b.length && a.every((pair, i) => sameNumbers(pair, b[i])));

function sameDecision(a: Decision, b: Decision): boolean {
  if (a === null || b === null) return a === b;
  return samePairs(a.scheduled, b.scheduled) && samePairs(a.cached, b.cached) &&
    sameNumbers(a.preempted, b.preempted) && sameNumbers(a.finished, b.finished);
}

/** The first step in which `ours` and `vllm` decided differently; null when they never did. */
export function firstDifference(
  ours: readonly StepRun[],
  vllm: readonly StepRun[],
): StepDifference | null {
  const a = new StepCursor(ours), b = new StepCursor(vllm);
  while (a.step < Infinity || b.step < Infinity) {
    const step = Math.min(a.step, b.step);
    const left = a.step === step ? a.decision : null;
    const right = b.step === step ? b.decision : null;
    if (!sameDecision(left, right)) return { step, ours: left, vllm: right };
    a.advance();
    b.advance();
  }
  return null;
}
