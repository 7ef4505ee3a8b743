import { priceLoads } from "../../servers/costs/price-loads.ts";
import { type Server, type ServerInput, serverOf, withConfig } from "../../servers/server.ts";
import type { ServerFile } from "../../servers/costs/server-file.ts";
import { type MachineClock, onClock } from "../doubt/machine-clock.ts";
import type { Recording } from "../fit/fit-request-overhead.ts";
import type { LoggedSteps } from "../fit/logged-steps.ts";
import type { RecordedClient } from "../recorded-run.ts";
import {
  byMetric,
  type RunMetric,
  type RunMetrics,
  runMetrics,
  type TokenTimes,
} from "../run-metrics.ts";
import { type RequestsToServe, simulateRecording, takeRows } from "../simulate-recording.ts";
import { type RecordedClientTimes, recordedClientTimes } from "./recorded-client.ts";
import { type RecordedSchedule, recordedSchedule } from "./recorded-schedule.ts";
import { recordedClock, recordedTimeline, type Timeline } from "./recorded-timeline.ts";

/** What of a prediction can be replaced by what was recorded. */
export const BUDGET_PARTS = ["step cost", "decisions", "KV blocks", "client"] as const;
export type BudgetPart = (typeof BUDGET_PARTS)[number];

/** Whose error a metric's error is. Percent of the measured number, signed as the error. */
export interface MetricBudget {
  readonly measured: number;
  readonly error_pct: number;
  /** The error that is left where this part alone is replaced by its record. */
  readonly alone_pct: Readonly<Record<BudgetPart, number>>;
  /**
   * Its part of the error: what replacing it changes, averaged over all orders in which the parts can
   * be replaced (Shapley's value). With `unexplained_pct` they sum up to the error.
   */
  readonly share_pct: Readonly<Record<BudgetPart, number>>;
  /** The error that is left where all parts are replaced. */
  readonly unexplained_pct: number;
}

/** The errors of a prediction by their causes. */
export interface ErrorBudget {
  readonly metrics: Readonly<Record<RunMetric, MetricBudget>>;
  /** Parts whose record is the prediction's own assumption, or was not taken: their share is 0. */
  readonly same: Readonly<Partial<Record<BudgetPart, string>>>;
}

/**
 * Splits the errors of a prediction by what causes them. Each part is replaced by what was recorded:
 *
 * - step cost: the time that each logged iteration took. Where the decisions are the simulation's own,
 *   its clock runs as the recorded machine did (`MachineClock`), stalls and all.
 * - decisions: the batches of the logged iterations, request by request; only their times are computed.
 * - KV blocks: as many as the recorded server had, instead of those that the server file names.
 * - client: when requests were really sent, and how long requests and answers were on their way;
 *   instead of the client's queue and the typical time at the front end.
 *
 * @param steps the iterations of the run
 * @returns in words why not, where the log can't be read as the run's own
 */
export function errorBudget(
  { requests, description }: Recording,
  server: ServerInput | Server | ServerFile,
  steps: LoggedSteps,
): ErrorBudget | string {
  const own = withConfig(serverOf(server), description.server);
  if (own.config.async_scheduling) {
    return "the log of a server that schedules asynchronously does not say when a step began";
  }
  const schedule = recordedSchedule(requests, steps, own.config);
  if (typeof schedule === "string") return schedule;
  const times = recordedClientTimes(requests);
  const blocks = own.file?.server?.num_gpu_blocks ?? own.config.num_gpu_blocks;
  const timeline = recordedTimeline(requests, schedule, { seconds: steps.seconds, client: times });
  const run: ReplayedRun = {
    ...{ requests, schedule, times, server: own, assumedBlocks: blocks, timeline },
    client: description.client,
    clock: recordedClock(timeline, priceLoads(own.cost, schedule)),
  };
  // What is the same in the recording changes nothing: no replay of its own.
  const bit = (part: BudgetPart) => 1 << BUDGET_PARTS.indexOf(part);
  const without = (times === null ? bit("client") : 0) |
    (blocks === own.config.num_gpu_blocks ? bit("KV blocks") : 0);
  const values: RunMetrics[] = [];
  for (let replaced = 0; replaced < 1 << BUDGET_PARTS.length; replaced++) {
    values.push(values[replaced & ~without] ?? runMetrics(requests, replay(run, replaced)));
  }
  const measured = runMetrics(requests, requests);
  return {
    metrics: byMetric((metric) => budgetOf(values.map((each) => each[metric]), measured[metric])),
    same: {
      ...times === null && { client: "not recorded" },
      ...blocks === own.config.num_gpu_blocks && {
        "KV blocks": "the prediction was told the server's number",
      },
    },
  };
}

/** Shapley's values of the error over the parts. `values`: by the set of parts replaced, as bits. */
function budgetOf(values: readonly number[], measured: number): MetricBudget {
  const errors = values.map((value) => 100 * (value / measured - 1));
  const count = BUDGET_PARTS.length, all = errors.length - 1;
  const byPart = (of: (bit: number) => number) =>
    Object.fromEntries(BUDGET_PARTS.map((part, i) => [part, of(1 << i)])) as Record<
      BudgetPart,
      number
    >;
  const factorial = (n: number): number => n <= 1 ? 1 : n * factorial(n - 1);
  const weight = (before: number) =>
    factorial(before) * factorial(count - before - 1) / factorial(count);
  return {
    measured,
    error_pct: errors[0],
    alone_pct: byPart((bit) => errors[bit]),
    share_pct: byPart((bit) =>
      errors.reduce(
        (sum, error, set) =>
          set & bit ? sum : sum + weight(bitsOf(set)) * (error - errors[set | bit]),
        0,
      )
    ),
    unexplained_pct: errors[all],
  };
}

function bitsOf(set: number): number {
  return set === 0 ? 0 : (set & 1) + bitsOf(set >> 1);
}

interface ReplayedRun extends Pick<Recording, "requests"> {
  readonly schedule: RecordedSchedule;
  readonly times: RecordedClientTimes | null;
  /** With the flags of the recording. */
  readonly server: Server;
  readonly assumedBlocks: number;
  readonly client: RecordedClient | null;
  readonly timeline: Timeline;
  /** The recorded machine's, in seconds of the server's step cost. */
  readonly clock: MachineClock;
}

/** Tokens as they come where some parts are replaced by their records, as bits. */
function replay(run: ReplayedRun, replaced: number): TokenTimes {
  const [cost, decisions, blocks, client] = BUDGET_PARTS.map((_, i) => (replaced >> i & 1) === 1);
  const times = client ? run.times : null;
  const served = decisions
    ? replayDecisions(run, { cost, times })
    : replaySimulation(run, { cost, blocks, times });
  if (times === null) return served;
  return {
    firstToken: served.firstToken.map((at, row) => at + times.firstLate[row]),
    finish: served.finish.map((at, row) => at + times.lastLate[row]),
  };
}

/**
 * The recorded iterations: a request takes as long as they took, or as the server's own cost says for
 * those that it saw. That counts from when it was through the front end; where the recorded client had
 * a queue and the prediction simulates it, from when it stood in it.
 */
function replayDecisions(
  run: ReplayedRun,
  { cost, times }: { readonly cost: boolean; readonly times: RecordedClientTimes | null },
): TokenTimes {
  const { requests, schedule: { first, last }, timeline: { end }, clock } = run;
  const queued = times === null && run.client !== null;
  const recorded = queued ? requests.arrival : readyTimes(run, run.times);
  const ready = queued ? requests.arrival : readyTimes(run, times);
  const token = (step: number, row: number) => {
    const from = Math.min(recorded[row], end[step]);
    const seconds = cost ? end[step] - from : clock.workAt(end[step]) - clock.workAt(from);
    return ready[row] + seconds;
  };
  return {
    firstToken: Float64Array.from(first, token),
    finish: Float64Array.from(last, token),
  };
}

function replaySimulation(
  { requests, server, assumedBlocks, client, clock }: ReplayedRun,
  { cost, blocks, times }: {
    readonly cost: boolean;
    readonly blocks: boolean;
    readonly times: RecordedClientTimes | null;
  },
): TokenTimes {
  const num_gpu_blocks = blocks ? server.config.num_gpu_blocks : assumedBlocks;
  const on = { ...server, config: { ...server.config, num_gpu_blocks } };
  const queue = times === null ? client : null;
  const arrival = times?.sent ?? requests.arrival;
  if (!cost) return serveByArrival({ ...requests, arrival }, on, queue);
  return onClock(clock, { ...requests, arrival }, (of) => serveByArrival(of, on, queue));
}

/** When each request is through the front end, which works on one after the other. */
function readyTimes(
  { requests, server }: ReplayedRun,
  times: RecordedClientTimes | null,
): Float64Array {
  const arrival = times?.sent ?? requests.arrival;
  const ready = new Float64Array(requests.size);
  let free = 0;
  for (const row of byArrival(arrival)) {
    ready[row] = free = Math.max(arrival[row], free) + server.cost.perRequest;
  }
  return ready;
}

/** Rows in the order of their arrivals. */
function byArrival(arrival: Float64Array): Int32Array {
  return Int32Array.from(arrival.keys()).sort((a, b) => arrival[a] - arrival[b] || a - b);
}

/** Serves requests whose rows are not in the order of their arrivals. */
function serveByArrival(
  requests: RequestsToServe,
  server: Server,
  client: RecordedClient | null,
): TokenTimes {
  const { size, arrival } = requests;
  const rows = byArrival(arrival);
  const { firstToken, finish } = simulateRecording(takeRows(requests, rows), server, client);
  const found = { firstToken: new Float64Array(size), finish: new Float64Array(size) };
  rows.forEach((row, i) => {
    found.firstToken[row] = firstToken[i];
    found.finish[row] = finish[i];
  });
  return found;
}
