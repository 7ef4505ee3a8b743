import * as aq from "arquero";
import { phaseEnd, type Workload } from "../workload/workload.ts";
import { mean, quantileSorted } from "../statistics/quantile.ts";

/**
 * A workload by phase and category. Columns: `phase`, `category`, `requests`, `share` (of the
 * phase), `prompt_mean`, `output_mean`, `output_p50`, `output_p99` (tokens), `at_cap` (share of
 * answers as long as their cap), and `words_per_token` of the answers where words are known.
 */
export function describeWorkload({ requests, truth }: Workload): aq.ColumnTable {
  const { codes, names } = requests.category;
  return aq.from(requests.phases.flatMap(({ name: phase, first }, p) => {
    const end = phaseEnd(requests, p);
    return names.flatMap((category, code) => {
      const rows: number[] = [];
      for (let row = first; row < end; row++) if (codes[row] === code) rows.push(row);
      if (rows.length === 0) return [];
      const outputs = Float64Array.from(rows, (row) => truth.outputTokens[row]).sort();
      const atCap = rows.filter((row) => truth.outputTokens[row] === requests.maxTokens[row]);
      const { outputWords } = truth;
      return [{
        phase,
        category,
        requests: rows.length,
        share: rows.length / (end - first),
        prompt_mean: mean(rows.map((row) => requests.promptTokens[row])),
        output_mean: mean(outputs),
        output_p50: quantileSorted(outputs, 0.5),
        output_p99: quantileSorted(outputs, 0.99),
        at_cap: atCap.length / rows.length,
        ...(outputWords === undefined
          ? {}
          : { words_per_token: mean(rows.map((row) => outputWords[row])) / mean(outputs) }),
      }];
    });
  }));
}
