import { pow } from "../../../math/pow.ts";
import { gamma } from "../../../random/gamma.ts";
import type { Random } from "../../../random/substream.ts";
import type { ArrivalProcess } from "./arrival-process.ts";

/** Rates of a ramp-up, requests a second. */
export interface RampUp {
  readonly strategy: "linear" | "exponential";
  readonly startRate: number;
  readonly endRate: number;
}

/** Options of {@link vllmBench}. */
export interface VllmBenchOptions {
  /** Requests in the run. */
  readonly requests: number;
  /** Requests a second; Infinity sends all at once. Not used where there is a ramp-up. */
  readonly rate: number;
  /** Shape of the Gamma gaps: coefficient of variation 1/√burstiness. */
  readonly burstiness: number;
  readonly rampUp?: RampUp;
}

/**
 * The schedule of `vllm bench serve`: Gamma gaps, the first request waits for its own, and all times
 * stretched so that the last of N requests arrives at exactly N / rate. With a ramp-up the rate of
 * request i goes by its number, i / (N − 1), and nothing is stretched. Source: vLLM's benchmark
 * client; its numbers are numpy's, so that the law is the same and the draws are not.
 *
 * @param stream makes the same source of random numbers each time it is called
 */
export function vllmBench(stream: () => Random, options: VllmBenchOptions): ArrivalProcess {
  const { requests, rate, burstiness, rampUp } = options;
  const gapOf = (random: Random, i: number) => {
    const now = rampUp === undefined
      ? rate
      : rampRate(rampUp, requests > 1 ? i / (requests - 1) : 0);
    // Without a rate there is no request; at an infinite one there is no gap.
    return now === Infinity
      ? 0
      : now > 0
      ? gamma(random, burstiness) / (now * burstiness)
      : Infinity;
  };
  let stretch = 1;
  if (rampUp === undefined && rate > 0 && rate < Infinity) {
    const rehearsal = stream();
    let last = 0;
    for (let i = 0; i < requests; i++) last += gapOf(rehearsal, i);
    if (last > 0) stretch = requests / rate / last;
  }
  const random = stream();
  let sent = 0;
  let now = 0;
  return {
    next() {
      if (sent >= requests) return Infinity;
      now += gapOf(random, sent);
      sent++;
      return now * stretch;
    },
  };
}

function rampRate({ strategy, startRate, endRate }: RampUp, progress: number): number {
  return strategy === "linear"
    ? startRate + (endRate - startRate) * progress
    : startRate * pow(endRate / startRate, progress);
}
