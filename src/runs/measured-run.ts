import type { ReadTrace } from "../workload/readers/trace-format.ts";
import { joinRequests } from "../workload/transforms/join-requests.ts";
import { type Run, STATUSES } from "./run.ts";

const COMPLETED = STATUSES.indexOf("completed");

/**
 * What a source measured, as a run like any other: every request that arrived, with the terminal
 * state it came to, in order of arrival. Requests with an answer are completed; those without are
 * what the source says (failed, rejected, cancelled), with a prompt of 0 tokens where its length is
 * unknown. Times that the source does not have are NaN: with arrivals alone no request has a finish,
 * and latencies are of nobody.
 *
 * `start` is when the client sent the request, or its arrival where the source does not say. There was
 * no estimator: `estimatedOutput` is NaN, and there are no beliefs.
 *
 * @example
 * const run = runs.measuredRun(await data.loadArenaMeasured());
 */
export function measuredRun(
  { workload, measured, unserved }: Pick<ReadTrace, "workload" | "measured" | "unserved">,
): Run {
  const served = workload.requests;
  const { requests, from } = unserved ? joinRequests(served, unserved.requests) : {
    requests: served,
    from: Int32Array.from({ length: served.size }, (_, row) => row),
  };
  const { size } = requests;
  /** A column of the run from one of the served and one of the others. */
  const instants = (times?: Float64Array, ended?: Float64Array) =>
    Float64Array.from(
      from,
      (row) => (row < served.size ? times?.[row] : ended?.[row - served.size]) ?? NaN,
    );
  const outputTokens = Int32Array.from(
    from,
    (row) => row < served.size ? workload.truth.outputTokens[row] : -1,
  );
  const unknown = new Float64Array(size).fill(NaN);
  const none = new Int32Array(size).fill(-1);
  const sent = instants(measured?.sent);
  return {
    size,
    requests,
    status: Uint8Array.from(from, (row) => {
      if (row < served.size) return COMPLETED;
      const { codes, names } = unserved!.status;
      return STATUSES.indexOf(names[codes[row - served.size]] as (typeof STATUSES)[number]);
    }),
    arrival: requests.arrival,
    start: sent.map((at, row) => Number.isNaN(at) ? requests.arrival[row] : at),
    scheduled: unknown,
    firstToken: instants(measured?.firstToken),
    finish: instants(measured?.finish, unserved?.finish),
    server: none,
    preemptions: none,
    cachedTokens: Int32Array.from(
      from,
      (row) => row < served.size ? measured?.cachedTokens?.[row] ?? -1 : -1,
    ),
    batch: none,
    batchSize: none,
    outputTokens,
    inputLength: requests.promptTokens,
    estimatedOutput: unknown,
    actualOutput: outputTokens,
    feedbackPlace: none,
    beliefs: {},
    phaseStart: Float64Array.of(0),
    provenance: {
      workload: workload.provenance,
      scheduler: { policy: { name: "as recorded", options: {} } },
      engine: { engine: "as recorded" },
    },
  };
}
