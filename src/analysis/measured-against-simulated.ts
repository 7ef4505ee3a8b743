import * as aq from "arquero";

/** When requests arrived and ended, seconds since the run's start. Shape (n) each. */
export interface EndedRequests {
  readonly arrival: Float64Array;
  readonly finish: Float64Array;
}

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
    const e2e = ({ arrival, finish }: EndedRequests, row: number) => finish[row] - arrival[row];
    return Array.from(measured.finish, (_, row) => ({
      ...{ run, other },
      measured: e2e(measured, row),
      against: e2e(against, row),
    })).filter((row) => row.measured >= 0 && row.against >= 0);
  }));
}
