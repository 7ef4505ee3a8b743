import * as z from "zod";
import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import { Dispatch, type DispatchInput } from "../gateway/dispatch.ts";
import { Gateway } from "../gateway/gateway.ts";
import { GatewayOptions, RouterSchema } from "../gateway/gateway-options.ts";
import { GatewayState } from "../gateway/gateway-state.ts";
import { parseSchedulerOptions, type SchedulerOptionsInput } from "../gateway/options.ts";
import type { RouterDefinition } from "../gateway/routers/router.ts";
import type { Stage } from "../gateway/stage.ts";
import type { Choice } from "../registry/choice.ts";
import type { Run } from "../runs/run.ts";
import { assertServable } from "../servers/assert-servable.ts";
import { fcfs } from "../servers/policies/fcfs.ts";
import { priority } from "../servers/policies/priority.ts";
import {
  recordOfServer,
  type Server,
  type ServerInput,
  serverOf,
  startServer,
} from "../servers/server.ts";
import type { ServerFile } from "../servers/costs/server-file.ts";
import type { RequestLengths } from "../servers/continuous/server-requests.ts";
import type { ServerInstance } from "../servers/server-instance.ts";
import { promptContent } from "../workload/content-of-prompts.ts";
import type { Workload } from "../workload/workload.ts";
import { driveVirtually } from "./drive-virtually.ts";
import { ORACLE, oracleOf } from "./oracle.ts";
import { runOfGateway } from "./run-of-gateway.ts";

/** A server in parts, as a value, or as a server file. */
type AnyServer = ServerInput | Server | ServerFile;

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /** Who goes next, and how long answers will be. @default FIFO, and a base of 512 tokens */
  readonly scheduler?: SchedulerOptionsInput;
  /** How requests are handed over. @default { rule: "in-flight", window: 32 } */
  readonly dispatch?: DispatchInput;
  /**
   * The servers behind the gateway: one, or a list.
   * @default vLLM on an L4 with Qwen1.5-1.8B-Chat; under micro-batches a static worker on the same L4
   */
  readonly server?: AnyServer | readonly AnyServer[];
  /** Which of several servers gets a request. @default "least-open" */
  readonly router?: Choice<RouterDefinition>;
  /** What may answer a request before it is queued, in order. @default [] */
  readonly stages?: readonly Stage[];
}

const Fields = z.strictObject({
  scheduler: z.unknown().optional(),
  dispatch: Dispatch.prefault({ rule: "in-flight" }),
  server: z.unknown().optional(),
  router: RouterSchema,
  stages: z.array(
    z.custom<Stage>((value) => typeof (value as Stage | undefined)?.offer === "function", {
      error: "a stage: an object with a function offer(request, now)",
    }),
  ).default([]),
});

/** Options of a simulation, parsed. */
interface Setup {
  readonly gateway: GatewayOptions;
  readonly servers: readonly Server[];
  readonly stages: readonly Stage[];
}

function setupOf(workload: Workload, options: SimulateOptions): Setup {
  const { dispatch, server, router, stages } = parseWith(Fields, options, "simulate options");
  const given = server === undefined ? standardServer(dispatch) : server as ServerInput;
  const servers = (Array.isArray(given) ? given : [given]).map((each) => serverOf(each));
  if (servers.length === 0) {
    const expected = "at least one server";
    throw new InputError({ file: "simulate options", field: "server", value: [], expected });
  }
  const scheduler = parseSchedulerOptions(withOracle(options.scheduler, workload));
  const { scheduler: _, ...standard } = GatewayOptions.parse({});
  return {
    gateway: { ...standard, scheduler, dispatch, router },
    servers: dispatch.rule === "pass-through" ? servers.map(byPriority) : servers,
    stages,
  };
}

function standardServer({ rule }: Dispatch): ServerInput {
  return rule === "micro-batch" ? { batching: "static" } : {};
}

/**
 * The gateway's order reaches a server that queues by itself only through its priorities, which plain
 * vLLM does not read. A server that was given another policy keeps it.
 */
function byPriority(server: Server): Server {
  if (server.config.scheduling_policy !== fcfs.name) return server;
  return { ...server, config: { ...server.config, scheduling_policy: priority.name } };
}

/** Refuses a workload of which every single request is too long for every server. */
function assertSomeFit({ requests }: Workload, servers: readonly Server[]): void {
  const { size, promptTokens, maxTokens } = requests;
  const room = Math.max(
    ...servers.map(({ batching, config }) =>
      batching === "static" ? Infinity : config.max_model_len
    ),
  );
  for (let row = 0; row < size; row++) {
    if (promptTokens[row] + maxTokens[row] <= room) return;
  }
  if (size === 0) return;
  throw new InputError({
    file: "workload",
    row: 1,
    field: "promptTokens + maxTokens",
    value: promptTokens[0] + maxTokens[0],
    expected: `at most ${room}, the server's max_model_len: it would refuse every request ` +
      "(lower the caps, or give a server with a longer context)",
  });
}

/** Replaces the estimator's name by the one that knows this workload's lengths, if that is asked for. */
function withOracle(
  options: SchedulerOptionsInput = {},
  { truth }: Workload,
): SchedulerOptionsInput {
  const { estimator } = options;
  const name = typeof estimator === "string"
    ? estimator
    : estimator && "name" in estimator
    ? estimator.name
    : undefined;
  return name === ORACLE && !(typeof estimator === "object" && "create" in estimator)
    ? { ...options, estimator: oracleOf(truth) }
    : options;
}

/**
 * Runs a workload through the gateway and its servers in virtual time. Deterministic: no draw, no
 * clock. The defaults are plain; `paper.simulate` has DriftSched's.
 *
 * Throws an InputError for options that are not known or do not fit together, and for a workload that
 * no server could serve to its end.
 *
 * @example
 * const run = simulate(workload, { scheduler: { policy: "sjf", estimator: "cap" } });
 * @example
 * const two = simulate(workload, {
 *   dispatch: { rule: "in-flight", window: 16 },
 *   server: [{}, {}], // two L4s behind one gateway
 * });
 */
export function simulate(workload: Workload, options: SimulateOptions = {}): Run {
  return simulateWith(workload, options, startServer).run;
}

/** What a simulated server is told of a workload's requests: their true lengths and their prompts. */
export function serverRequestsOf({ requests, truth }: Workload): RequestLengths {
  return {
    promptTokens: requests.promptTokens,
    outputTokens: truth.outputTokens,
    maxTokens: requests.maxTokens,
    content: promptContent(requests),
  };
}

/** Starts a simulated server over the lengths of a workload. */
export type StartServer = (
  server: Server,
  lengths: RequestLengths,
  options: { readonly tokens: boolean },
) => ServerInstance;

/** A simulation with the servers that it left behind. */
export interface Simulation<I extends ServerInstance = ServerInstance> {
  readonly run: Run;
  readonly instances: readonly I[];
}

/**
 * {@link simulate} with servers of the caller's own making: with other options of the engine, or of
 * another kind.
 *
 * @example
 * const { instances: [server] } = simulateWith(
 *   workload,
 *   {},
 *   ({ config, cost }, lengths) => new servers.ContinuousEngine(config, lengths, { cost, series: true }),
 * );
 * server.series?.queueDepth.size; // the server's own queue over time
 */
export function simulateWith<I extends ServerInstance>(
  workload: Workload,
  options: SimulateOptions,
  start: (...server: Parameters<StartServer>) => I,
): Simulation<I> {
  const { gateway: gatewayOptions, servers, stages } = setupOf(workload, options);
  assertServable(workload);
  // A stage in front of the queue may answer what no server could.
  if (stages.length === 0) assertSomeFit(workload, servers);
  const { requests, truth } = workload;
  const state = new GatewayState(requests, { servers: servers.length, options: gatewayOptions });
  const { scheduler } = state;
  if (scheduler.estimator.unit === "words" && truth.outputWords === undefined) {
    const expected = "the words of each answer: the estimator counts words";
    throw new InputError({ file: "workload", field: "outputWords", value: undefined, expected });
  }
  const lengths = serverRequestsOf(workload);
  const tokens = scheduler.hearsTokens;
  const instances = servers.map((server) => start(server, lengths, { tokens }));
  const gateway = new Gateway(state, gatewayOptions, {
    outlet: {
      send: (request, _attempt, server, priority) =>
        instances[server].submit(request, state.record.start[request], priority),
    },
    stages,
  });
  driveVirtually(gateway, {
    servers: instances,
    truth,
    endsReachOthers: scheduler.refuses,
    hearsTokens: tokens,
  });
  const run = runOfGateway(workload, state, {
    engine: {
      name: "simulation",
      dispatch: gatewayOptions.dispatch,
      ...servers.length > 1 && { router: gatewayOptions.router.definition.name },
      servers: servers.map(recordOfServer),
    },
    instances,
  });
  return { run, instances };
}
