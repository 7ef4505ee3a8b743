import { InputError } from "../errors/input-error.ts";
import { type Run, STATUSES } from "../runs/run.ts";
import { workloadOfRun } from "../runs/workload-of-run.ts";
import type { SchedulerOptionsInput } from "../gateway/options.ts";
import type { ServerConfigInput } from "../servers/continuous/config.ts";
import type { DispatchRuleInput } from "../gateway/dispatch-rule.ts";
import { simulate } from "../simulation/simulate.ts";
import type { LoggedSteps } from "../servers/costs/logged-steps.ts";
import { type ServerFile, stepCostOf } from "../servers/costs/server-file.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";
import { compareRuns, type Fidelity, type TokenTimes } from "./compare.ts";
import { type MachineSpeed, machineSpeed } from "./predict.ts";
import type { RecordedRequests } from "./recorded-run.ts";

/** Where a live run was served, and what is known of its server. */
export interface LiveServer {
  /** What a step costs there. */
  readonly server: ServerFile;
  /** The flags that it ran with. */
  readonly flags: ServerConfigInput;
  /** Its iterations during the run; null: none were logged. */
  readonly steps?: LoggedSteps | null;
}

/** A live run beside its simulation. */
export interface LivePrediction {
  readonly fidelity: Fidelity;
  /** The same requests through the same gateway, in virtual time: the completed ones, in order. */
  readonly simulated: Run;
  /** The same at the speed that the machine had in this run; null as in `machine`. */
  readonly atItsSpeed: Run | null;
  /** null without iterations, or for a server that was not fitted. */
  readonly machine: MachineSpeed | null;
}

/**
 * Simulates what a live run did: its requests through its own gateway (policy, calibration, dispatch
 * rule, as the run's provenance says) in front of a server that was fitted elsewhere, and compares.
 * The simulated gateway decides anew, by what it learns of the simulated answers; nothing of the
 * measured times goes in.
 *
 * Throws an InputError for a run that is not a live one behind a window or passed through.
 *
 * @example
 * const { fidelity } = predictLive(run, { server: await loadServerFile("vllm-cpu-0.05b"), flags });
 */
export function predictLive(
  run: Run,
  { server, flags, steps = null }: LiveServer,
): LivePrediction {
  const { scheduler, dispatch } = gatewayOf(run);
  const workload = workloadOfRun(run);
  const seats = flags.max_num_seqs ?? 256;
  const cost = stepCostOf(server, seats);
  const at = (stepCost: StepCost) =>
    simulate(workload, { scheduler, dispatch, server: flags, cost: stepCost });
  const measured = completedOf(run);
  const simulated = at(cost);
  const machine = steps === null || server.cost.kind !== "fitted"
    ? null
    : machineSpeed({ requests: measured, server, seats, steps }, (own) => {
      const served = at(own);
      return { ...fromArrivals(served, measured), served };
    });
  return {
    fidelity: compareLive(run, simulated),
    simulated,
    atItsSpeed: machine?.served.served ?? null,
    machine: machine?.speed ?? null,
  };
}

/** Holds a simulation of what a live run completed against that run, each request from its arrival. */
export function compareLive(run: Run, simulated: Run): Fidelity {
  const measured = completedOf(run);
  return compareRuns(measured, fromArrivals(simulated, measured));
}

/**
 * A simulation's instants as they would be had its requests arrived when the measured ones did: a
 * phase that waits for the one before starts at another instant in each.
 */
function fromArrivals(simulated: Run, { arrival }: RecordedRequests): TokenTimes {
  const shifted = (times: Float64Array) =>
    times.map((at, row) => at - simulated.arrival[row] + arrival[row]);
  return { firstToken: shifted(simulated.firstToken), finish: shifted(simulated.finish) };
}

function gatewayOf({ provenance }: Run) {
  const { engine, scheduler } = provenance;
  const { name, dispatch } = engine as { name?: unknown; dispatch?: { rule?: unknown } };
  if (name === "live" && (dispatch?.rule === "in-flight" || dispatch?.rule === "pass-through")) {
    return {
      scheduler: scheduler as SchedulerOptionsInput,
      dispatch: dispatch as DispatchRuleInput,
    };
  }
  throw new InputError({
    file: "run",
    field: "provenance.engine",
    value: { name, dispatch },
    expected: "a live run behind an in-flight window, or passed through",
  });
}

const COMPLETED = STATUSES.indexOf("completed");

/** The completed requests of a run as a recording: those that can be compared. */
export function completedOf(run: Run): RecordedRequests {
  const rows = Array.from(run.status.keys()).filter((row) =>
    run.status[row] === COMPLETED && run.outputTokens[row] > 0
  );
  const { requests } = run;
  const seconds = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]);
  const counts = (column: Int32Array) => Int32Array.from(rows, (row) => column[row]);
  return {
    size: rows.length,
    id: rows.map(String),
    arrival: seconds(run.arrival),
    promptTokens: counts(requests.promptTokens),
    outputTokens: counts(run.outputTokens),
    priority: new Int32Array(rows.length),
    tier: Uint8Array.from(rows, (row) => requests.tier.codes[row]),
    firstToken: seconds(run.firstToken),
    finish: seconds(run.finish),
  };
}
