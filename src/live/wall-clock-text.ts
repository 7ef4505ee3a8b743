import { compareLive } from "../fidelity/predict-live.ts";
import type { Run } from "../runs/run.ts";
import type { LiveResult } from "./live.ts";
import type { Spread } from "./overhead.ts";

/** What the report on a run by the wall clock reads of its result. */
export interface TimedResult extends Pick<LiveResult, "run" | "overhead"> {
  readonly progress: { readonly states: { readonly completed: number } };
}

/** A spread in milliseconds of real time; `speed`: seconds of the spread's clock in one of them. */
function milliseconds(spread: Spread | null, speed: number): string {
  if (spread === null) return "not measured";
  return (["p50", "p99", "max"] as const)
    .map((name) => `${name} ${(1000 * spread[name] / speed).toFixed(1)} ms`).join(", ");
}

/**
 * What a live run by the wall clock measured, as lines of text: requests completed, how late the client
 * was, and how far latencies are from the run's simulation.
 *
 * @param speed seconds of the run's clock in one real second
 */
export function wallClockText(
  { run, progress, overhead }: TimedResult,
  { simulated, speed }: { readonly simulated: Run; readonly speed: number },
): string {
  const { e2e_p50, e2e_p99, e2e_mae_pct } = compareLive(run, simulated);
  return [
    `${progress.states.completed} of ${run.size} requests completed, at ${speed} times real time`,
    `requests late against their schedule, real time: ${milliseconds(overhead.schedule, speed)}`,
    `timers of the event loop late, real time: ${milliseconds(overhead.eventLoop, 1)}`,
    `E2E P50 ${e2e_p50.measured.toFixed(2)} s, simulated ${e2e_p50.simulated.toFixed(2)} s`,
    `E2E P99 ${e2e_p99.measured.toFixed(2)} s, simulated ${e2e_p99.simulated.toFixed(2)} s`,
    `mean difference of a request's E2E from the simulation: ${e2e_mae_pct.toFixed(1)} %`,
  ].join("\n");
}
