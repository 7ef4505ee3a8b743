import type { Labels, Phase, Workload } from "../workload.ts";
import type { WorkloadProvenance } from "../workload.ts";

/** What a new workload takes from another. Shape (m) each for m new rows. */
export interface RowsToTake {
  /** Row of the old workload that each new row is a copy of. */
  readonly rows: Int32Array;
  /** Seconds since the start of the new row's phase. */
  readonly arrival: Float64Array;
  readonly phases: readonly [Phase, ...Phase[]];
}

/** A workload of copied rows, all columns of a row together, with arrivals of their own. */
export function takeRows(
  { name, requests, truth }: Workload,
  { rows, arrival, phases }: RowsToTake,
  provenance: WorkloadProvenance,
): Workload {
  const labels = (column: Labels): Labels => ({ ...column, codes: gather(column.codes, rows) });
  const { promptWords, promptText } = requests;
  const { outputWords } = truth;
  return {
    name,
    requests: {
      size: rows.length,
      arrival,
      phases,
      tenant: labels(requests.tenant),
      tier: labels(requests.tier),
      category: labels(requests.category),
      maxTokens: gather(requests.maxTokens, rows),
      promptTokens: gather(requests.promptTokens, rows),
      ...promptWords && { promptWords: gather(promptWords, rows) },
      ...promptText && { promptText: (request: number) => promptText(rows[request]) },
    },
    truth: {
      outputTokens: gather(truth.outputTokens, rows),
      ...outputWords && { outputWords: gather(outputWords, rows) },
    },
    provenance,
  };
}

function gather<T extends Uint8Array | Uint16Array | Int32Array>(column: T, rows: Int32Array): T {
  const taken = new (column.constructor as new (length: number) => T)(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = column[rows[i]];
  return taken;
}
