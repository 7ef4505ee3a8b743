import { timePerOutputToken, timeToFirstToken } from "../runs/latencies.ts";
import { greatest, known } from "../statistics/known.ts";
import { quantileSorted } from "../statistics/quantile.ts";
import type { RecordedRequests } from "./recorded-run.ts";
import type { SimulatedRecording } from "./simulate-recording.ts";

/**
 * What benchmarks print of a run. TTFT counts from the request's submission, as theirs does, not from
 * its arrival at a gateway: a queue in front of the server is not in it.
 */
export interface LoadPoint {
  readonly achieved_req_s: number;
  readonly output_tok_s: number;
  readonly ttft_p50_ms: number;
  readonly ttft_p99_ms: number;
  readonly tpot_p50_ms: number;
  readonly tpot_p99_ms: number;
}

/**
 * The numbers of a simulated run, as a benchmark's client would take them: of the requests that were
 * finished. Answers of one token have no TPOT. NaN where no request has such a number.
 */
export function loadPointOf(requests: RecordedRequests, run: SimulatedRecording): LoadPoint {
  const rows = Array.from(requests.id, (_, row) => row)
    .filter((row) => !Number.isNaN(run.finish[row]));
  const last = greatest(run.finish);
  const tokens = rows.reduce((sum, row) => sum + requests.outputTokens[row], 0);
  const sorted = (of: (row: number) => number) => known(rows.map((row) => 1000 * of(row))).sort();
  const ttft = sorted((row) => timeToFirstToken(run.submitted[row], run.firstToken[row]));
  const tpot = sorted((row) =>
    timePerOutputToken(run.firstToken[row], run.finish[row], requests.outputTokens[row])
  );
  return {
    achieved_req_s: rows.length / last,
    output_tok_s: tokens / last,
    ttft_p50_ms: quantileSorted(ttft, 0.5),
    ttft_p99_ms: quantileSorted(ttft, 0.99),
    tpot_p50_ms: quantileSorted(tpot, 0.5),
    tpot_p99_ms: quantileSorted(tpot, 0.99),
  };
}

/** The first requests of a recording, the time between arrivals multiplied by `stretch`. */
export function firstRequests(
  requests: RecordedRequests,
  size: number,
  stretch: number,
): RecordedRequests {
  return {
    size,
    id: requests.id.slice(0, size),
    arrival: requests.arrival.slice(0, size).map((at) => at * stretch),
    promptTokens: requests.promptTokens.slice(0, size),
    outputTokens: requests.outputTokens.slice(0, size),
    priority: requests.priority.slice(0, size),
    tier: requests.tier.slice(0, size),
    firstToken: requests.firstToken.slice(0, size),
    finish: requests.finish.slice(0, size),
  };
}
