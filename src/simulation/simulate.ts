import { z } from "zod";
import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import type { Run } from "../runs/run.ts";
import type { SchedulerOptionsInput } from "../gateway/options.ts";
import { Scheduler } from "../gateway/scheduler.ts";
import type { Workload } from "../workload/workload.ts";
import { assertServable } from "../servers/assert-servable.ts";
import { ServerConfig, type ServerConfigInput } from "../servers/continuous/config.ts";
import { L4_QWEN15_1_8B_SERVER } from "../servers/continuous/presets.ts";
import { DispatchRule, type DispatchRuleInput } from "../gateway/dispatch-rule.ts";
import type { Service } from "./engine.ts";
import { MicroBatchOptions, serveMicroBatches } from "./micro-batch.ts";
import { serveContinuous } from "./serve-continuous.ts";
import { L4_QWEN15_1_8B } from "../servers/costs/presets.ts";
import type { StepCost } from "../servers/costs/step-cost.ts";
import { scheduledColumns } from "./scheduled-columns.ts";

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /** Options of the gateway. @default the paper's FIFO with calibration */
  readonly scheduler?: SchedulerOptionsInput;
  /** Options of the micro-batch worker. @default the paper's */
  readonly microBatch?: z.input<typeof MicroBatchOptions>;
  /**
   * How the gateway hands requests to a server that batches continuously. Without it, the paper's
   * micro-batches.
   */
  readonly dispatch?: DispatchRuleInput;
  /** Configuration of that server. @default vLLM's on an L4 with Qwen1.5-1.8B-Chat */
  readonly server?: ServerConfigInput;
  /** What a step costs. @default Qwen1.5-1.8B-Chat, fp16, on one L4 */
  readonly cost?: StepCost;
}

interface Served {
  readonly service: Service;
  /** Engine and options, for provenance. */
  readonly engine: Readonly<Record<string, unknown>>;
}

function serveWith(workload: Workload, scheduler: Scheduler, options: SimulateOptions): Served {
  const { cost = L4_QWEN15_1_8B } = options;
  if (options.dispatch === undefined) {
    if (options.server !== undefined) {
      throw new InputError({
        file: "simulate options",
        field: "server",
        value: "a configuration",
        expected: "a dispatch rule with it: micro-batches have no server of their own",
      });
    }
    const microBatch = parseWith(
      MicroBatchOptions,
      options.microBatch ?? {},
      "micro-batch options",
    );
    return {
      service: serveMicroBatches(workload, scheduler, { ...microBatch, cost }),
      engine: { name: "micro-batch", ...microBatch, cost: cost.name },
    };
  }
  const dispatch = parseWith(DispatchRule, options.dispatch, "dispatch rule");
  const server = parseWith(
    ServerConfig,
    options.server ?? L4_QWEN15_1_8B_SERVER,
    "server configuration",
  );
  return {
    service: serveContinuous(workload, scheduler, { server, cost, dispatch }),
    engine: { name: "continuous", dispatch, server, cost: cost.name },
  };
}

/** The truth, where it came out: -1 for requests that did not complete. */
function generated(outputTokens: Int32Array, status: Uint8Array): Int32Array {
  if (status.every((state) => state === 0)) return outputTokens;
  return outputTokens.map((tokens, request) => status[request] === 0 ? tokens : -1);
}

/**
 * Runs a workload through the gateway and a server in virtual time: the paper's micro-batch worker,
 * or with a dispatch rule a vLLM server that batches continuously. Deterministic: no draw, no clock.
 *
 * @example
 * const run = simulate(paperWorkload({ seed: 1 }), { scheduler: { policy: "sjf" } });
 * @example
 * const live = simulate(workload, { dispatch: { rule: "in-flight", window: 32 } });
 */
export function simulate(workload: Workload, options: SimulateOptions = {}): Run {
  assertServable(workload);
  const scheduler = new Scheduler(workload.requests, options.scheduler);
  const { service, engine } = serveWith(workload, scheduler, options);
  const { status, start, firstToken, finish, batch, batchSize, phaseStart } = service;
  return {
    size: workload.requests.size,
    requests: workload.requests,
    status,
    start,
    firstToken,
    finish,
    batch,
    batchSize,
    phaseStart,
    outputTokens: generated(workload.truth.outputTokens, status),
    ...scheduledColumns(scheduler),
    provenance: {
      workload: workload.provenance,
      scheduler: scheduler.options,
      engine,
    },
  };
}
