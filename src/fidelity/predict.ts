import type { LoggedSteps } from "./fit/logged-steps.ts";
import { type ServerFile, stepCostOf } from "../servers/costs/server-file.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";
import { type Server, type ServerInput, serverOf, withConfig } from "../servers/server.ts";
import { compareRuns, type Fidelity, type TokenTimes } from "./compare.ts";
import type { Recording } from "./fit/fit-request-overhead.ts";
import { machineSlowness, slowedDown } from "./machine-speed.ts";
import type { RecordedRequests } from "./recorded-run.ts";
import { type SimulatedRecording, simulateRecording } from "./simulate-recording.ts";

/** Metrics that a prediction is judged by. */
export const JUDGED = ["e2e_p50", "e2e_p99", "makespan_s"] as const;
export type JudgedMetric = (typeof JUDGED)[number];

/**
 * How well a run's mean speed is known to hold at any moment of it, as a share: a machine drifts
 * within a run as it does between runs.
 */
const SPEED_DOUBT = 0.02;
/** Speeds tried on each side. */
const SPEEDS = 4;

/** How fast the machine was in the run itself, and the errors that are left at that speed. */
export interface MachineSpeed {
  /** By its own iteration log, percent over the server JSON. */
  readonly slower_pct: number;
  readonly at_its_speed: Fidelity;
  /**
   * Least and greatest error, percent, over machines up to 2 % faster and slower than that: wide
   * where a metric depends on a few requests, narrow where it follows the speed.
   */
  readonly errors_around: Readonly<Record<JudgedMetric, readonly [low: number, high: number]>>;
}

/** A recording as predicted by a server file. */
export interface Prediction {
  readonly fidelity: Fidelity;
  readonly simulated: SimulatedRecording;
  /** Where the simulation went beyond what the fit has seen. */
  readonly warnings: readonly string[];
  /** null without an iteration log of the run, or for a server that was not fitted. */
  readonly machine: MachineSpeed | null;
}

/**
 * Simulates a recording on a server that was fitted elsewhere, and compares. With the run's own
 * iterations it also says how fast the machine was in that run, and what is left of the error then.
 */
export function predictRecording(
  recording: Recording,
  server: ServerInput | Server | ServerFile,
  steps: LoggedSteps | null = null,
): Prediction {
  const { requests, description } = recording;
  // The recording knows the flags that its server ran with.
  const own = withConfig(serverOf(server), description.server);
  const simulated = simulateRecording(requests, own, description.client);
  return {
    fidelity: compareRuns(requests, simulated),
    simulated,
    warnings: extrapolations(simulated, own),
    machine: steps === null ? null : machineSpeed(
      { requests, server: own, steps },
      (cost) => simulateRecording(requests, { ...own, cost }, description.client),
    )?.speed ?? null,
  };
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

/** What the log times of a step: without the loop around it. Null for a cost that was not fitted. */
function timedCost({ file, config }: Server): StepCost | null {
  if (file?.cost.kind !== "fitted") return null;
  const cost = { ...file.cost, perLoop: 0, perLoopSequence: 0 };
  return stepCostOf({ ...file, cost }, config);
}

/** A run whose machine's speed is asked for. */
export interface LoggedRun {
  readonly requests: RecordedRequests;
  readonly server: Server;
  readonly steps: LoggedSteps;
}

/**
 * How fast the machine was in a run by its own log, and what is left of the error then; null for a
 * server that was not fitted.
 *
 * @param serve simulates the run at a step cost
 */
export function machineSpeed<T extends TokenTimes>(
  { requests, server, steps }: LoggedRun,
  serve: (cost: StepCost) => T,
): { readonly speed: MachineSpeed; readonly served: T } | null {
  const timed = timedCost(server);
  if (timed === null) return null;
  const { cost } = server;
  const slowness = machineSlowness(steps, timed);
  const runs = Array.from(
    { length: 2 * SPEEDS + 1 },
    (_, i) =>
      serve(slowedDown(cost, (1 + slowness) * (1 + SPEED_DOUBT * (i - SPEEDS) / SPEEDS) - 1)),
  );
  const around = runs.map((each) => compareRuns(requests, each));
  const range = (metric: JudgedMetric): readonly [number, number] => {
    const errors = around.map((each) => each[metric].error_pct ?? 0);
    return [Math.min(...errors), Math.max(...errors)];
  };
  const speed = {
    slower_pct: 100 * slowness,
    at_its_speed: around[SPEEDS],
    errors_around: {
      e2e_p50: range("e2e_p50"),
      e2e_p99: range("e2e_p99"),
      makespan_s: range("makespan_s"),
    },
  };
  return { speed, served: runs[SPEEDS] };
}
