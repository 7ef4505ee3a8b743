import type { Measured } from "./journal/entry.ts";
import { STATUSES } from "../runs/run.ts";

/** Code of a request that is in no terminal state yet. */
export const NOT_OVER = 255;

/** What became of each request of a live run. Shape (n) each; seconds on the run's clock. */
export interface LiveRecord {
  /** Codes index STATUSES, or {@link NOT_OVER}. */
  readonly status: Uint8Array;
  /** Why it did not complete: names and words; null where it did, or is not over. */
  readonly reason: (string | null)[];
  readonly message: (string | null)[];
  /** Seconds between the instant it was due and its estimate. */
  readonly late: Float64Array;
  /** When the last attempt was handed over; in a micro-batch, when the whole batch was. */
  readonly start: Float64Array;
  readonly firstToken: Float64Array;
  /** When its last token came; in a micro-batch, when the last member had ended. */
  readonly finish: Float64Array;
  readonly batch: Int32Array;
  readonly batchSize: Int32Array;
  /** Server of the last attempt; -1: never sent. */
  readonly server: Int32Array;
  /** Times it was sent, and how many of these failed. */
  readonly attempts: Int32Array;
  readonly failures: Int32Array;
  readonly outputTokens: Int32Array;
  /** The accepted answer; of a request that did not complete, its last attempt, where there was one. */
  readonly measured: (Measured | null)[];
  /** Requests by terminal state, in the order of STATUSES. */
  readonly counts: Int32Array;
}

export function emptyLiveRecord(size: number): LiveRecord {
  const seconds = () => new Float64Array(size).fill(NaN);
  const codes = () => new Int32Array(size).fill(-1);
  const nothing = <T>(): (T | null)[] => new Array<T | null>(size).fill(null);
  return {
    status: new Uint8Array(size).fill(NOT_OVER),
    reason: nothing(),
    message: nothing(),
    late: seconds(),
    start: seconds(),
    firstToken: seconds(),
    finish: seconds(),
    batch: codes(),
    batchSize: codes(),
    server: codes(),
    attempts: new Int32Array(size),
    failures: new Int32Array(size),
    outputTokens: codes(),
    measured: nothing(),
    counts: new Int32Array(STATUSES.length),
  };
}
