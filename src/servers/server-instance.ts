import type { EventLog } from "./continuous/event-log.ts";

/**
 * A server in virtual time. Requests are rows of a workload, each submitted once to one server; what
 * has happened comes out as events. Instants given to it must not go back. Columns have one number a
 * request; seconds since the run's start, NaN where the instant never came.
 */
export interface ServerInstance {
  /**
   * Hands a request over at `now`.
   * @param priority lower is more urgent; read where the server goes by priorities
   * @returns false: the server refuses it, by its length
   */
  submit(request: number, now: number, priority?: number): boolean;
  /**
   * Runs up to `until`, or to the first instant at which a request finishes.
   * @returns the instant reached
   */
  advance(until: number): number;
  /**
   * Whether an instant at which `advance` was stopped and nothing happened leaves no trace, not even in
   * the last bit of later instants.
   */
  readonly stopsWithoutTrace: boolean;
  /** The instant that `advance` has to pass for something to happen; Infinity: nothing is left. */
  readonly due: number;
  /** What the last call of `advance` brought. */
  readonly events: EventLog;
  /** Takes a request out whose client is gone; false when it is not open here. */
  abort(request: number): boolean;
  /** Requests submitted that have not come to an end. */
  readonly unfinished: number;
  /** First scheduling. */
  readonly scheduled: Float64Array;
  readonly firstToken: Float64Array;
  readonly finish: Float64Array;
  readonly preemptions: Int32Array;
  /** Tokens that came from the prefix cache at the first scheduling; -1: a static batch, which has none. */
  readonly cachedTokens: Int32Array;
}
