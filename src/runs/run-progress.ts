import type { Status } from "./run.ts";

/** How far a run is that takes its time. */
export interface RunProgress {
  /** Requests that have ended, and all. */
  readonly done: number;
  readonly total: number;
  /** Of those that have ended, by terminal state. */
  readonly states: Readonly<Record<Status, number>>;
  readonly inFlight: number;
  /** Requests whose last attempt failed and that wait for the next. */
  readonly retrying: number;
  /** Requests in each tier's queue, by the tier's name. */
  readonly queued: Readonly<Record<string, number>>;
  /** Seconds on the run's clock. */
  readonly now: number;
  /** Completed requests a second, over the last ten seconds of the run. */
  readonly rate: number;
  /** Mean absolute error of the length estimates so far, in the counting mode's unit; NaN: none yet. */
  readonly meanAbsoluteError: number;
  /** Real seconds until the last request ends, if it goes on like this; NaN: nothing is known yet. */
  readonly etaSeconds: number;
  /** Servers that take part, and all. */
  readonly serversIn: number;
  readonly servers: number;
}
