import type { GatewayRecord } from "../gateway/gateway-record.ts";
import type { Measured } from "./journal/entry.ts";

/** What became of each request of a live run. Shape (n) each; seconds on the run's clock. */
export interface LiveRecord extends GatewayRecord {
  /** Why it did not complete: names and words; null where it did, or is not over. */
  readonly reason: (string | null)[];
  readonly message: (string | null)[];
  /** The accepted answer; of a request that did not complete, its last attempt, where there was one. */
  readonly measured: (Measured | null)[];
}

/** The record of a gateway with room for what a live run keeps besides. */
export function liveRecordOf(record: GatewayRecord): LiveRecord {
  const nothing = <T>(): (T | null)[] => new Array<T | null>(record.status.length).fill(null);
  return { ...record, reason: nothing(), message: nothing(), measured: nothing() };
}
