import * as aq from "arquero";
import type { Workload } from "../workload/workload.ts";
import { mean, quantileSorted } from "../statistics/quantile.ts";

/**
 * A workload by tenant, the largest first. Columns: `tenant`, `requests`, `share`, `prompt_mean`,
 * `output_mean`, `output_p50`, `output_p99` (tokens).
 */
export function describeTenants({ requests, truth }: Workload): aq.ColumnTable {
  const { codes, names } = requests.tenant;
  const rows = names.map((tenant, code) => {
    const own: number[] = [];
    for (let row = 0; row < requests.size; row++) if (codes[row] === code) own.push(row);
    const outputs = Float64Array.from(own, (row) => truth.outputTokens[row]).sort();
    return {
      tenant,
      requests: own.length,
      share: own.length / requests.size,
      prompt_mean: mean(own.map((row) => requests.promptTokens[row])),
      output_mean: mean(outputs),
      output_p50: quantileSorted(outputs, 0.5),
      output_p99: quantileSorted(outputs, 0.99),
    };
  });
  return aq.from(
    rows.sort((a, b) => b.requests - a.requests || (a.tenant < b.tenant ? -1 : 1)),
  );
}
