import { compareRuns } from "./compare.ts";
import type { Prediction } from "./predict.ts";
import type { RecordedRequests } from "./recorded-run.ts";
import { byMetric, RUN_METRICS, type RunMetric } from "./run-metrics.ts";
import { signedPercent } from "./signed-percent.ts";

/** An error up to this is within bounds whatever the noise, percent. */
export const WITHIN_PCT = 10;

/**
 * Why a prediction misses:
 * - `machine`: it is within bounds at the speed that the machine had in that run, stretch by stretch
 *   where the log tells it, else in the mean
 * - `steps`: it is with the time that each step took in that run: single steps took longer or shorter,
 *   or some steps cost another share than the server file says
 * - `knife edge`: it is within bounds on a machine a little faster or slower than that; the metric
 *   depends on a few requests
 * - `model`: neither of these, or the run has no log that shows the machine's speed
 */
export type Cause = "machine" | "steps" | "knife edge" | "model";

/** One metric of a prediction, judged. Percent. */
export interface Judgement {
  readonly metric: RunMetric;
  readonly error_pct: number;
  /** 10 %, or twice the difference between two recordings of one run, whichever is larger. */
  readonly bound_pct: number;
  readonly within: boolean;
  /** null where it is within bounds. */
  readonly cause: Cause | null;
}

/** Difference of two recordings of one run by metric, percent of the first. */
export type RunToRun = Readonly<Record<RunMetric, number>>;

/** Compares the requests of two recordings of one run by their names. */
export function runToRun(first: RecordedRequests, again: RecordedRequests): RunToRun {
  const rowOf = new Map(again.id.map((id, row) => [id, row]));
  const shifted = (times: Float64Array) =>
    Float64Array.from(first.id, (id, row) => {
      const other = rowOf.get(id);
      return other === undefined ? NaN : times[other] - again.arrival[other] + first.arrival[row];
    });
  const found = compareRuns(first, {
    firstToken: shifted(again.firstToken),
    finish: shifted(again.finish),
  });
  return byMetric((metric) => Math.abs(found[metric].error_pct ?? 0));
}

const NO_NOISE: RunToRun = byMetric(() => 0);

/** Judges a prediction by every number that is compared. */
export function judgePrediction(
  { fidelity, machine, budget }: Pick<Prediction, "fidelity" | "machine" | "budget">,
  noise: RunToRun = NO_NOISE,
): Judgement[] {
  return RUN_METRICS.map((metric) => {
    const error = fidelity[metric].error_pct ?? 0;
    const bound = Math.max(WITHIN_PCT, 2 * noise[metric]);
    const within = Math.abs(error) <= bound;
    const causeOfMiss = (): Cause => {
      if (machine === null) return "model";
      if (Math.abs(machine.at_its_speed[metric].error_pct ?? 0) <= bound) return "machine";
      const atItsSteps = stepsAlone(budget, metric);
      if (atItsSteps !== null && Math.abs(atItsSteps) <= bound) return "steps";
      const [low, high] = machine.errors_around[metric];
      return low <= bound && high >= -bound ? "knife edge" : "model";
    };
    return {
      metric,
      error_pct: error,
      bound_pct: bound,
      within,
      cause: within ? null : causeOfMiss(),
    };
  });
}

/** The error that is left with the recorded time of each step, percent; null where nobody knows. */
function stepsAlone(budget: Prediction["budget"], metric: RunMetric): number | null {
  return typeof budget === "string" ? null : budget.metrics[metric].alone_pct["step cost"];
}

/** Why a prediction misses, as a sentence with its numbers. Only for judgements that are out of bounds. */
export function explainMiss(
  { metric, bound_pct, cause }: Judgement,
  { machine, budget }: Pick<Prediction, "machine" | "budget">,
): string {
  if (machine === null) {
    return "there is no iteration log of the run that shows how fast the machine was";
  }
  const { slower_pct, at_its_speed, errors_around } = machine;
  const own = `${Math.abs(slower_pct).toFixed(1)} % ${slower_pct < 0 ? "faster" : "slower"}`;
  const [low, high] = errors_around[metric];
  const left = signedPercent(at_its_speed[metric].error_pct ?? 0);
  if (cause === "machine") {
    return `the machine was ${own} in this run than in the fitted runs; at that speed the error is ${left}`;
  }
  if (cause === "steps") {
    return `with the time that each step took in this run the error is ${
      signedPercent(stepsAlone(budget, metric) ?? NaN)
    }: what is off is the time of steps, beyond the machine's mean speed, and no decision`;
  }
  const around = `machines from 2 % faster to 2 % slower than in this run give errors from ${
    signedPercent(low)
  } to ${signedPercent(high)}`;
  return cause === "knife edge"
    ? `the metric depends on a few requests: ${around}`
    : `the model misses by more than ${bound_pct.toFixed(0)} %: the error is ${left} at the ` +
      `machine's speed in this run, and ${around}`;
}
