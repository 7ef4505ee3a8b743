import * as aq from "arquero";
import type { NumberSummary } from "../workload/statistics/summarize-numbers.ts";
import { summarizeWorkload } from "../workload/statistics/summarize-workload.ts";
import type { NamedTrace } from "./named-trace.ts";
import { significantDigits } from "./significant-digits.ts";

/** Mean and quantiles in whole tokens. */
function lengths({ mean, p50, p90, p99 }: NumberSummary): string {
  return [mean, p50, p90, p99].map((tokens) => Math.round(tokens)).join(" / ");
}

/**
 * Rates, burstiness and lengths of traces as text for readers, one row a trace. Columns: `trace`,
 * `requests`, `requests a second`, `CV of gaps`, the index of dispersion at 1, 10 and 60 s, mean and
 * quantiles of prompts and answers (tokens), `log correlation` of the two. A dash: the trace is too
 * short to tell.
 */
export function traceNumbers(traces: readonly NamedTrace[]): aq.ColumnTable {
  return aq.from(traces.map(({ trace, workload }) => {
    const found = summarizeWorkload(workload);
    return {
      trace,
      requests: found.requests,
      "requests a second": significantDigits(found.rate),
      "CV of gaps": significantDigits(found.gap_cv),
      "dispersion at 1 / 10 / 60 s": [found.idc_1s, found.idc_10s, found.idc_60s]
        .map((value) => significantDigits(value)).join(" / "),
      "prompt: mean / P50 / P90 / P99": lengths(found.prompt_tokens),
      "answer: mean / P50 / P90 / P99": lengths(found.output_tokens),
      "log correlation": significantDigits(found.log_correlation, 2),
    };
  }));
}
