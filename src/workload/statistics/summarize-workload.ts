import type { Workload } from "../workload.ts";
import { logCorrelation, rankCorrelation } from "../../statistics/correlation.ts";
import { type LabelShare, labelShares } from "./label-shares.ts";
import { type NumberSummary, summarizeSorted } from "./summarize-numbers.ts";
import { type ArrivalSummary, summarizeArrivals } from "./summarize-arrivals.ts";

/** A workload's statistics, as the field's tables list them. */
export interface WorkloadSummary extends ArrivalSummary {
  readonly prompt_tokens: NumberSummary;
  readonly output_tokens: NumberSummary;
  /** Pearson's correlation of log(1 + prompt) and log(1 + output). */
  readonly log_correlation: number;
  /** Spearman's correlation of prompt and output. */
  readonly rank_correlation: number;
  /** Share of the requests by tenant, the largest first. */
  readonly tenants: readonly LabelShare[];
}

/**
 * Rate, burstiness, lengths and shares of a workload: what `trace describe` prints, and what a
 * generator is compared by. Numbers that a workload of few requests cannot have are NaN.
 *
 * @example
 * const { rate, gap_cv, idc_60s } = workloads.summarizeWorkload(workload);
 */
export function summarizeWorkload({ requests, truth }: Workload): WorkloadSummary {
  return {
    ...summarizeArrivals(requests),
    prompt_tokens: summarizeSorted(requests.promptTokens.toSorted()),
    output_tokens: summarizeSorted(truth.outputTokens.toSorted()),
    log_correlation: logCorrelation(requests.promptTokens, truth.outputTokens),
    rank_correlation: rankCorrelation(requests.promptTokens, truth.outputTokens),
    tenants: labelShares(requests.tenant),
  };
}
