import type { Labels, Phase, PromptBlocks, Workload, WorkloadProvenance } from "../workload.ts";
import { gather, gatherLists } from "./gather.ts";

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
  const { promptWords, promptText, session, model, promptBlocks, extra } = requests;
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
      ...session && { session: labels(session) },
      ...model && { model: labels(model) },
      ...promptBlocks && { promptBlocks: gatherBlocks(promptBlocks, rows) },
      ...extra && {
        extra: Object.fromEntries(
          Object.entries(extra).map(([name, column]) => [
            name,
            "codes" in column ? labels(column) : gather(column, rows),
          ]),
        ),
      },
      ...promptText && { promptText: (request: number) => promptText(rows[request]) },
    },
    truth: {
      outputTokens: gather(truth.outputTokens, rows),
      ...outputWords && { outputWords: gather(outputWords, rows) },
    },
    provenance,
  };
}

function gatherBlocks(blocks: PromptBlocks, rows: Int32Array): PromptBlocks {
  const { offsets, places } = gatherLists(blocks.offsets, rows);
  const { parts, tokens, answers } = blocks;
  return {
    ...blocks,
    offsets,
    values: gather(blocks.values, places),
    ...tokens && { tokens: gather(tokens, places) },
    ...answers && { answers: gather(answers, rows) },
    ...parts && { parts: { ...parts, codes: gather(parts.codes, places) } },
  };
}
