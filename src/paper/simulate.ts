import type { Run } from "../runs/run.ts";
import { simulate as simulateGenerically, type SimulateOptions } from "../simulation/simulate.ts";
import type { Workload } from "../workload/workload.ts";
import { paperScheduler } from "./scheduler.ts";

/**
 * Options of a simulation with DriftSched's defaults in place of the plain ones: FIFO and the paper's
 * estimate, and the paper's micro-batches.
 */
export function paperSimulation(options: SimulateOptions = {}): SimulateOptions {
  const { scheduler, dispatch = { rule: "micro-batch" }, ...rest } = options;
  return { ...rest, dispatch, scheduler: paperScheduler(scheduler) };
}

/**
 * Runs a workload through the gateway and its servers in virtual time, with DriftSched's defaults: FIFO
 * by the paper's estimate, micro-batches, Qwen1.5-1.8B-Chat on one L4. With another dispatch rule the
 * server batches continuously, as vLLM does. Deterministic: no draw, no clock.
 *
 * Throws an InputError for options that are not known or do not fit together, and for a workload that
 * no server could serve to its end.
 *
 * @example
 * const run = simulate(paperWorkload({ seed: 1 }), { scheduler: { policy: "sjf" } });
 * @example
 * const behindAWindow = simulate(workload, { dispatch: { rule: "in-flight", window: 32 } });
 */
export function simulate(workload: Workload, options: SimulateOptions = {}): Run {
  return simulateGenerically(workload, paperSimulation(options));
}
