import type { LoggedSteps } from "./fit/logged-steps.ts";
import { type ServerFile, stepCostOf } from "../servers/costs/server-file.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";
import { type Server, type ServerInput, serverOf, withConfig } from "../servers/server.ts";
import { compareRuns, type Fidelity } from "./compare.ts";
import { type ErrorBudget, errorBudget } from "./budget/error-budget.ts";
import {
  type IntervalOptions,
  type PredictionIntervals,
  predictionIntervals,
} from "./doubt/prediction-intervals.ts";
import type { Recording } from "./fit/fit-request-overhead.ts";
import { machineSlowness, slowedDown } from "./machine-speed.ts";
import { stretchClock } from "./budget/stretch-clock.ts";
import { onClock } from "./doubt/machine-clock.ts";
import type { RecordedClient, RecordedRequests } from "./recorded-run.ts";
import { byMetric, type RunMetric, type TokenTimes } from "./run-metrics.ts";
import { type SimulatedRecording, simulateRecording } from "./simulate-recording.ts";

/**
 * How well a run's mean speed is known to hold at any moment of it, as a share: a machine drifts
 * within a run as it does between runs.
 */
const SPEED_DOUBT = 0.02;
/** Speeds tried on each side. */
const SPEEDS = 4;

/** How fast the machine was in the run itself, and the errors that are left at that speed. */
export interface MachineSpeed {
  /** By its own iteration log, percent over the server JSON, in the mean. */
  readonly slower_pct: number;
  /** With that speed stretch by stretch ({@link stretchClock}) where the log tells it, else in the mean. */
  readonly at_its_speed: Fidelity;
  /**
   * Least and greatest error, percent, over machines up to 2 % faster and slower than that: wide
   * where a metric depends on a few requests, narrow where it follows the speed.
   */
  readonly errors_around: Readonly<Record<RunMetric, readonly [low: number, high: number]>>;
}

/** A recording as predicted by a server file. */
export interface Prediction {
  readonly fidelity: Fidelity;
  readonly simulated: SimulatedRecording;
  /** Where each number may come to lie, before the run: see {@link predictionIntervals}. */
  readonly intervals: PredictionIntervals;
  /** Where the simulation went beyond what the fit has seen. */
  readonly warnings: readonly string[];
  /** null without an iteration log of the run, or for a server that was not fitted. */
  readonly machine: MachineSpeed | null;
  /** Whose error each number's is; in words why nobody can tell. */
  readonly budget: ErrorBudget | string;
}

/**
 * Simulates a recording on a server that was fitted elsewhere, with intervals, and compares. With the run's own
 * iterations it also says how fast the machine was in that run, and what is left of the error then.
 */
export function predictRecording(
  recording: Recording,
  server: ServerInput | Server | ServerFile,
  steps: LoggedSteps | null = null,
  options: Pick<IntervalOptions, "draws" | "seed" | "level" | "doubt"> = {},
): Prediction {
  const { requests, description } = recording;
  // The recording knows the flags that its server ran with.
  const own = withConfig(serverOf(server), description.server);
  const simulated = simulateRecording(requests, own, description.client);
  return {
    fidelity: compareRuns(requests, simulated),
    simulated,
    intervals: predictionIntervals(requests, own, { ...options, client: description.client }),
    warnings: extrapolations(simulated, own),
    machine: steps === null
      ? null
      : speedInRun({ requests, server: own, steps }, description.client),
    budget: steps === null
      ? "there is no iteration log of the run"
      : errorBudget(recording, own, steps),
  };
}

/** {@link machineSpeed} stretch by stretch, where the log tells when its iterations began. */
function speedInRun(run: LoggedRun, client: RecordedClient | null): MachineSpeed | null {
  const { requests, server, steps } = run;
  const clock = stretchClock(requests, server, steps);
  const serve = (cost: StepCost): TokenTimes => {
    const on = { ...server, cost };
    return clock === null
      ? simulateRecording(requests, on, client)
      : onClock(clock, requests, (of) => simulateRecording(of, on, client));
  };
  return machineSpeed({ ...run, clocked: clock !== null }, serve)?.speed ?? null;
}

function extrapolations({ most }: SimulatedRecording, { file }: Server): string[] {
  const fit = file?.fit;
  if (fit === undefined) return [];
  return (["sequences", "contextTokens", "prefillTokens"] as const)
    .filter((name) => most[name] > fit.ranges[name][1])
    .map((name) =>
      `extrapolates: up to ${Math.round(most[name])} ${name} a step, fitted up to ${
        Math.round(fit.ranges[name][1])
      }`
    );
}

/**
 * What the log times of a step: without the loop around it. Null for a cost that was not fitted, and
 * for one that was fitted to stats lines, which don't tell the two apart.
 */
function timedCost({ file, config }: Server): StepCost | null {
  if (file?.cost.kind !== "fitted" || file.fit?.basis === "stats lines") return null;
  const cost = { ...file.cost, perLoop: 0, perLoopSequence: 0 };
  return stepCostOf({ ...file, cost }, config);
}

/** A run whose machine's speed is asked for. */
export interface LoggedRun {
  readonly requests: RecordedRequests;
  readonly server: Server;
  readonly steps: LoggedSteps;
  /** Whether the run is simulated on a clock that has the machine's speed in it. @default false */
  readonly clocked?: boolean;
}

/**
 * How fast the machine was in a run by its own log, and what is left of the error then; null for a
 * server that was not fitted.
 *
 * @param serve simulates the run at a step cost
 */
export function machineSpeed<T extends TokenTimes>(
  { requests, server, steps, clocked = false }: LoggedRun,
  serve: (cost: StepCost) => T,
): { readonly speed: MachineSpeed; readonly served: T } | null {
  const timed = timedCost(server);
  if (timed === null) return null;
  const { cost } = server;
  const slowness = machineSlowness(steps, timed);
  const typical = clocked ? 1 : 1 + slowness;
  const runs = Array.from(
    { length: 2 * SPEEDS + 1 },
    (_, i) => serve(slowedDown(cost, typical * (1 + SPEED_DOUBT * (i - SPEEDS) / SPEEDS) - 1)),
  );
  const around = runs.map((each) => compareRuns(requests, each));
  const range = (metric: RunMetric): readonly [number, number] => {
    const errors = around.map((each) => each[metric].error_pct ?? 0);
    return [Math.min(...errors), Math.max(...errors)];
  };
  const speed = {
    slower_pct: 100 * slowness,
    at_its_speed: around[SPEEDS],
    errors_around: byMetric(range),
  };
  return { speed, served: runs[SPEEDS] };
}
