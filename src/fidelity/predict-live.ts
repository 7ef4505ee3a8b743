import { InputError } from "../errors/input-error.ts";
import type { DispatchInput } from "../gateway/dispatch.ts";
import type { SchedulerOptionsInput } from "../gateway/options.ts";
import { isVersion1, upgradeSchedulerOptions } from "../gateway/options-version-1.ts";
import { type Run, STATUSES } from "../runs/run.ts";
import { workloadOfRun } from "../runs/workload-of-run.ts";
import type { LoggedSteps } from "./fit/logged-steps.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";
import { type Server, type ServerInput, serverOf, withCost } from "../servers/server.ts";
import { simulate } from "../simulation/simulate.ts";
import { compareRuns, type Fidelity } from "./compare.ts";
import { type PredictionIntervals, predictionIntervals } from "./doubt/prediction-intervals.ts";
import { type MachineSpeed, machineSpeed } from "./predict.ts";
import type { RecordedRequests } from "./recorded-run.ts";
import type { TokenTimes } from "./run-metrics.ts";

/** Where a live run was served, and what is known of its servers. */
export interface LiveServer {
  /** What a step costs there, and the flags that it ran with: all its servers are alike. */
  readonly server: ServerInput | Server;
  /** Its iterations during the run, of one server; null: none were logged. */
  readonly steps?: LoggedSteps | null;
}

/** A live run beside its simulation. */
export interface LivePrediction {
  readonly fidelity: Fidelity;
  /** The same requests through the same gateway, in virtual time: the completed ones, in order. */
  readonly simulated: Run;
  /** The same at the speed that the machine had in this run; null as in `machine`. */
  readonly atItsSpeed: Run | null;
  /** Where each number may come to lie; null for a run of several phases, whose clocks start anew. */
  readonly intervals: PredictionIntervals | null;
  /** null without iterations, or for a server that was not fitted. */
  readonly machine: MachineSpeed | null;
}

/**
 * Simulates what a live run did: its requests through its own gateway (policy, calibration, dispatch
 * rule, as the run's provenance says) in front of a server that was fitted elsewhere, and compares.
 * The simulated gateway decides anew, by what it learns of the simulated answers; nothing of the
 * measured times goes in.
 *
 * Throws an InputError for a run that is not a live one.
 *
 * @example
 * const { run, flags } = await data.loadLiveRun("sjf.window16");
 * const cost = await data.loadServerFile("vllm-cpu-0.05b");
 * const { fidelity: errors } = fidelity.predictLive(run, { server: { cost, config: flags } });
 */
export function predictLive(run: Run, { server, steps = null }: LiveServer): LivePrediction {
  const { scheduler, dispatch, servers } = gatewayOf(run);
  const workload = workloadOfRun(run);
  const own = serverOf(server);
  const at = (cost: StepCost, of = workload) => {
    // The flags are kept, and with them a cost that was made for so many sequences.
    const server = Array(servers).fill(withCost(own, cost));
    return simulate(of, { scheduler, dispatch, server });
  };
  const measured = completedOf(run);
  const simulated = at(own.cost);
  const machine = steps === null
    ? null
    : machineSpeed({ requests: measured, server: own, steps }, (cost) => {
      const served = at(cost);
      return { ...fromArrivals(served, measured), served };
    });
  return {
    fidelity: compareRuns(measured, fromArrivals(simulated, measured)),
    simulated,
    intervals: workload.requests.phases.length > 1 ? null : predictionIntervals(
      { ...measured, arrival: workload.requests.arrival },
      own,
      {
        serve: ({ arrival }, { cost }) =>
          at(cost, { ...workload, requests: { ...workload.requests, arrival } }),
      },
    ),
    atItsSpeed: machine?.served.served ?? null,
    machine: machine?.speed ?? null,
  };
}

/** Compares a live run with a simulation of its completed requests, each from its own arrival. */
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
  const { name, dispatch, servers } = engine as {
    name?: unknown;
    dispatch?: DispatchInput;
    servers?: readonly unknown[];
  };
  if (name !== "live" || dispatch === undefined) {
    throw new InputError({
      file: "run",
      field: "provenance.engine",
      value: { name, dispatch },
      expected: "a live run with its dispatch rule",
    });
  }
  return {
    scheduler: isVersion1(scheduler)
      ? upgradeSchedulerOptions(scheduler)
      : scheduler as SchedulerOptionsInput,
    dispatch,
    servers: servers?.length ?? 1,
  };
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
