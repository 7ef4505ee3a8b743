import { timeWindow } from "../workload/transforms/time-window.ts";
import { lowerBound } from "../workload/transforms/lower-bound.ts";
import type { Measured, ReadTrace, Unserved } from "../workload/readers/trace-format.ts";
import type { Workload } from "../workload/workload.ts";

/** A stretch of a log, seconds on its clock: from this instant to just before that. */
export interface Stretch {
  /** @default 0 */
  readonly from?: number;
  /** @default the end */
  readonly to?: number;
}

/**
 * What arrived in a stretch of a log, what was measured of it, and what got no answer: as a log that
 * begins there. Throws an InputError for a stretch that is empty by its bounds.
 */
export function logWindow(
  { workload, measured, unserved, report }: ReadTrace,
  { from = 0, to = Infinity }: Stretch,
): ReadTrace {
  const { arrival } = workload.requests;
  const window = timeWindow(workload, { from, to });
  const [first, end] = [lowerBound(arrival, from), lowerBound(arrival, to)];
  const steps = window.provenance.steps ?? [];
  return {
    workload: window,
    ...measured && { measured: measuredIn(measured, { first, end, from }) },
    ...unserved && { unserved: unservedIn(unserved, workload, { from, to }) },
    report: { ...report, assumptions: [...report.assumptions, ...steps.slice(-1)] },
  };
}

function measuredIn(
  { cachedTokens, durations, ...instants }: Measured,
  { first, end, from }: { readonly first: number; readonly end: number; readonly from: number },
): Measured {
  const rebased = Object.entries(instants).map(([name, times]) =>
    [name, times?.slice(first, end).map((at) => at - from)] as const
  );
  return {
    ...Object.fromEntries(rebased),
    ...cachedTokens && { cachedTokens: cachedTokens.slice(first, end) },
    ...durations && {
      durations: Object.fromEntries(
        Object.entries(durations).map(([name, each]) => [name, each.slice(first, end)]),
      ),
    },
  };
}

function unservedIn(
  { requests, status, finish }: Unserved,
  workload: Workload,
  { from, to }: { readonly from: number; readonly to: number },
): Unserved {
  const [first, end] = [from, to].map((at) => lowerBound(requests.arrival, at));
  const truth = { outputTokens: new Int32Array(requests.size) };
  const window = timeWindow({ ...workload, requests, truth }, { from, to });
  return {
    requests: window.requests,
    status: { ...status, codes: status.codes.slice(first, end) },
    ...finish && { finish: finish.slice(first, end).map((at) => at - from) },
  };
}
