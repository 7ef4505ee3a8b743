import { STATUSES } from "../workload/statuses.ts";

/** Code of a request that is in no terminal state yet. */
export const NOT_OVER = 255;

/** What became of each request at the gateway. Shape (n) each; seconds on the run's clock. */
export interface GatewayRecord {
  /** Codes index STATUSES, or {@link NOT_OVER}. */
  readonly status: Uint8Array;
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
  /** Tokens and whitespace words of the answer; -1: none, or the server did not say. */
  readonly outputTokens: Int32Array;
  readonly outputWords: Int32Array;
  /** Prompt tokens that the server found in its prefix cache; -1: it did not say. */
  readonly cachedTokens: Int32Array;
  /** Requests by terminal state, in the order of STATUSES. */
  readonly counts: Int32Array;
}

export function emptyGatewayRecord(size: number): GatewayRecord {
  const seconds = () => new Float64Array(size).fill(NaN);
  const codes = () => new Int32Array(size).fill(-1);
  return {
    status: new Uint8Array(size).fill(NOT_OVER),
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
    outputWords: codes(),
    cachedTokens: codes(),
    counts: new Int32Array(STATUSES.length),
  };
}
