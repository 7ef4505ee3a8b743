import * as aq from "arquero";
import { type EndedRequests, endToEnd } from "./ended-requests.ts";

/** One run twice: as measured, and as simulated or as measured again. Row by row the same requests. */
export interface MeasuredTwice {
  /** Names the run in tables and figures. */
  readonly run: string;
  /** What the other side is. */
  readonly other: "simulated" | "measured again";
  readonly measured: EndedRequests;
  readonly against: EndedRequests;
}

/**
 * End-to-end latency of every request, measured beside the other side. Requests that one side never
 * ended are left out. Columns: `run`, `other`, `measured`, `against` (seconds), one row a request.
 */
export function measuredAgainstSimulated(runs: readonly MeasuredTwice[]): aq.ColumnTable {
  return aq.from(runs.flatMap(({ run, other, measured, against }) => {
    const ours = endToEnd(measured);
    const theirs = endToEnd(against);
    return Array.from(ours, (seconds, row) => ({
      ...{ run, other },
      measured: seconds,
      against: theirs[row],
    })).filter((row) => row.measured >= 0 && row.against >= 0);
  }));
}
