import { endToEnd, timePerOutputToken, timeToFirstToken } from "../runs/latencies.ts";
import { greatest, known } from "../statistics/known.ts";
import { mean, quantile, quantileSorted } from "../statistics/quantile.ts";
import type { RecordedRequests } from "./recorded-run.ts";

/** A number measured, simulated, and the simulated one's error in percent of the measured. */
export interface Compared {
  readonly measured: number;
  readonly simulated: number;
  /** null where the measured value is 0. */
  readonly error_pct: number | null;
}

/** How well a simulation reproduces a recorded run. Seconds unless the name says otherwise. */
export interface Fidelity {
  /** Mean of |simulated − measured| / measured end-to-end latency over the requests, percent. */
  readonly e2e_mae_pct: number;
  /** The same with its sign: positive where the simulation is too slow. */
  readonly e2e_bias_pct: number;
  /** 90 % of the requests have an absolute error up to this, percent. */
  readonly e2e_p90_pct: number;
  readonly ttft_p50: Compared;
  readonly ttft_p99: Compared;
  readonly tpot_p50: Compared;
  readonly tpot_p99: Compared;
  readonly e2e_p50: Compared;
  readonly e2e_p99: Compared;
  readonly output_tokens_per_s: Compared;
  readonly makespan_s: Compared;
  /** Requests compared, and those that the simulation never finished. */
  readonly requests: number;
  readonly unfinished: number;
}

/** The numbers of a {@link Fidelity} that are measured and simulated, in the order tables show them. */
export const COMPARED_METRICS = [
  "ttft_p50",
  "ttft_p99",
  "tpot_p50",
  "tpot_p99",
  "e2e_p50",
  "e2e_p99",
  "output_tokens_per_s",
  "makespan_s",
] as const satisfies readonly (keyof Fidelity)[];

/** When tokens came. Shape (n), seconds since the run's start; NaN: never. */
export interface TokenTimes {
  readonly firstToken: Float64Array;
  readonly finish: Float64Array;
}

/**
 * Compares a simulation with a recorded run, request by request. Latencies count from arrival
 * (the time in a client's queue included); TPOT is (finish − first token)/(tokens − 1) of answers
 * with 2 tokens or more; the makespan runs from the first arrival to the last finish. Quantiles
 * interpolate linearly. Requests that the simulation never finished are counted and left out.
 */
export function compareRuns(requests: RecordedRequests, simulated: TokenTimes): Fidelity {
  const rows = Array.from({ length: requests.size }, (_, row) => row);
  const ended = rows.filter((row) => simulated.finish[row] >= 0);
  const several = ended.filter((row) => requests.outputTokens[row] > 1);
  const tokens = ended.reduce((sum, row) => sum + requests.outputTokens[row], 0);
  const of = ({ firstToken, finish }: TokenTimes) => {
    const { arrival, outputTokens } = requests;
    const e2e = ended.map((row) => endToEnd(arrival[row], finish[row]));
    const ttft = ended.map((row) => timeToFirstToken(arrival[row], firstToken[row]));
    const tpot = several.map((row) =>
      timePerOutputToken(firstToken[row], finish[row], outputTokens[row])
    );
    return {
      e2e,
      sorted: { e2e: known(e2e).sort(), ttft: known(ttft).sort(), tpot: known(tpot).sort() },
      makespan: greatest(ended.map((row) => finish[row])) - arrival[0],
    };
  };
  const measured = of(requests), predicted = of(simulated);
  const quantiles = (metric: "e2e" | "ttft" | "tpot", p: number) =>
    compared(
      quantileSorted(measured.sorted[metric], p),
      quantileSorted(predicted.sorted[metric], p),
    );
  const errors = predicted.e2e.map((value, i) => 100 * (value / measured.e2e[i] - 1));
  const absolute = errors.map(Math.abs);
  return {
    e2e_mae_pct: mean(absolute),
    e2e_bias_pct: mean(errors),
    e2e_p90_pct: quantile(absolute, 0.9),
    ttft_p50: quantiles("ttft", 0.5),
    ttft_p99: quantiles("ttft", 0.99),
    tpot_p50: quantiles("tpot", 0.5),
    tpot_p99: quantiles("tpot", 0.99),
    e2e_p50: quantiles("e2e", 0.5),
    e2e_p99: quantiles("e2e", 0.99),
    output_tokens_per_s: compared(tokens / measured.makespan, tokens / predicted.makespan),
    makespan_s: compared(measured.makespan, predicted.makespan),
    requests: ended.length,
    unfinished: requests.size - ended.length,
  };
}

function compared(measured: number, simulated: number): Compared {
  return {
    measured,
    simulated,
    error_pct: measured === 0 ? null : 100 * (simulated / measured - 1),
  };
}
