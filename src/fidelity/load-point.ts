import { quantileSorted } from "../statistics/quantile.ts";
import type { RecordedRequests } from "./recorded-run.ts";
import type { SimulatedRecording } from "./simulate-recording.ts";

/** What benchmarks print of a run. Milliseconds count from a request's submission. */
export interface LoadPoint {
  readonly achieved_req_s: number;
  readonly output_tok_s: number;
  readonly ttft_p50_ms: number;
  readonly ttft_p99_ms: number;
  readonly tpot_p50_ms: number;
  readonly tpot_p99_ms: number;
}

/** The numbers of a simulated run, as a benchmark's client would take them. */
export function loadPointOf(requests: RecordedRequests, run: SimulatedRecording): LoadPoint {
  const last = run.finish.reduce((latest, at) => Math.max(latest, at), 0);
  const tokens = requests.outputTokens.reduce((sum, each) => sum + each, 0);
  const sorted = (of: (row: number) => number) =>
    Float64Array.from(requests.id, (_, row) => 1000 * of(row)).sort();
  const ttft = sorted((row) => run.firstToken[row] - run.submitted[row]);
  const tpot = sorted((row) =>
    (run.finish[row] - run.firstToken[row]) / (requests.outputTokens[row] - 1)
  );
  return {
    achieved_req_s: requests.size / last,
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
