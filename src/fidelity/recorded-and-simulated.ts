import type { EndedRequests } from "../analysis/ended-requests.ts";
import type { RecordedRequests } from "./recorded-run.ts";

/** The two sides that tables of requests compare. */
export interface RecordedAndSimulated {
  readonly measured: EndedRequests;
  readonly simulated: EndedRequests;
}

/**
 * A recording beside its simulation: both from the recorded arrivals, since a simulation of a recording
 * has the same. What `recordedTail` and `measuredAgainstSimulated` compare.
 */
export function recordedAndSimulated(
  { requests }: { readonly requests: RecordedRequests },
  { simulated }: { readonly simulated: { readonly finish: Float64Array } },
): RecordedAndSimulated {
  return {
    measured: requests,
    simulated: { arrival: requests.arrival, finish: simulated.finish },
  };
}
