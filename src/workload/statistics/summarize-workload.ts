import type { Labels, Workload } from "../workload.ts";
import { arrivalGaps, arrivalRate, arrivalSpan, indexOfDispersion } from "./arrivals.ts";
import { logCorrelation, rankCorrelation } from "./correlation.ts";
import { coefficientOfVariation } from "./moments.ts";
import { mean, quantileSorted } from "./quantile.ts";

/** Lengths of prompts or answers, in tokens. */
export interface LengthSummary {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** A workload's statistics, as the field's tables list them. */
export interface WorkloadSummary {
  readonly requests: number;
  /** Seconds from the first arrival to the last, pauses between phases not counted. */
  readonly span_s: number;
  /** Requests a second: one over the mean gap. */
  readonly rate: number;
  /** Coefficient of variation of the gaps between arrivals. */
  readonly gap_cv: number;
  /** Index of dispersion of the arrivals in bins of 1, 10 and 60 seconds. */
  readonly idc_1s: number;
  readonly idc_10s: number;
  readonly idc_60s: number;
  readonly prompt_tokens: LengthSummary;
  readonly output_tokens: LengthSummary;
  /** Pearson's correlation of log(1 + prompt) and log(1 + output). */
  readonly log_correlation: number;
  /** Spearman's correlation of prompt and output. */
  readonly rank_correlation: number;
  /** Share of the requests by tenant, the largest first. */
  readonly tenants: readonly { readonly name: string; readonly share: number }[];
}

/**
 * Rate, burstiness, lengths and shares of a workload: what `trace describe` prints, and what a
 * generator is compared by. Numbers that a workload of few requests cannot have are NaN.
 *
 * @example
 * const { rate, gap_cv, idc_60s } = summarizeWorkload(workload);
 */
export function summarizeWorkload({ requests, truth }: Workload): WorkloadSummary {
  return {
    requests: requests.size,
    span_s: arrivalSpan(requests),
    rate: arrivalRate(requests),
    gap_cv: coefficientOfVariation(arrivalGaps(requests)),
    idc_1s: indexOfDispersion(requests, 1),
    idc_10s: indexOfDispersion(requests, 10),
    idc_60s: indexOfDispersion(requests, 60),
    prompt_tokens: lengthsOf(requests.promptTokens),
    output_tokens: lengthsOf(truth.outputTokens),
    log_correlation: logCorrelation(requests.promptTokens, truth.outputTokens),
    rank_correlation: rankCorrelation(requests.promptTokens, truth.outputTokens),
    tenants: sharesOf(requests.tenant),
  };
}

function lengthsOf(tokens: Int32Array): LengthSummary {
  const sorted = tokens.toSorted();
  return {
    mean: mean(sorted),
    p50: quantileSorted(sorted, 0.5),
    p90: quantileSorted(sorted, 0.9),
    p99: quantileSorted(sorted, 0.99),
    max: sorted.at(-1) ?? NaN,
  };
}

function sharesOf({ codes, names }: Labels): { name: string; share: number }[] {
  const counts = new Float64Array(names.length);
  for (const code of codes) counts[code]++;
  return names.map((name, code) => ({ name, share: counts[code] / codes.length }))
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}
