import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import type { Workload } from "../workload.ts";
import { cutBlocks } from "./cut-blocks.ts";
import { keepRows } from "./keep-rows.ts";
import { withStep } from "./with-step.ts";

/** The context, and what becomes of requests that do not fit. */
export const CapLengthsOptions = z.strictObject({
  /** Longest prompt plus answer, tokens (`max_model_len`). */
  contextTokens: z.int().min(2),
  /**
   * - `truncate`: prompts are cut to leave room for `answerTokens`, then answers to what is left.
   * - `drop`: requests whose prompt and answer do not fit together are left out.
   */
  over: z.enum(["truncate", "drop"]).default("truncate"),
  /** Tokens for the answer that a prompt which is cut leaves. */
  answerTokens: z.int().min(1).default(1),
}).refine(({ contextTokens, answerTokens }) => answerTokens < contextTokens, {
  path: ["answerTokens"],
  error: "a number below contextTokens",
});
export type CapLengthsOptions = z.input<typeof CapLengthsOptions>;

/**
 * Makes a workload fit a model's context; the step says how many prompts and answers were cut, or how
 * many requests left out. `maxTokens` is cut to the room beside the prompt in either case, as a server
 * does. Phases keep their clocks.
 *
 * Words of what is cut are cut in proportion. A prompt is cut at its end, so that it begins as before:
 * its blocks are cut with it. Where a prompt is cut, the texts of all prompts are left out, as they no
 * longer say what is sent, and so are blocks whose lengths are not known; the step says that too. Throws
 * an InputError for bad options.
 *
 * @example
 * const fitting = workloads.capLengths(trace, { contextTokens: 2048, over: "drop" });
 */
export function capLengths(workload: Workload, options: CapLengthsOptions): Workload {
  const { contextTokens, over, answerTokens } = parseWith(
    CapLengthsOptions,
    options,
    "capLengths options",
  );
  if (over === "truncate") return truncated(workload, { contextTokens, answerTokens });
  const { requests: { size, promptTokens }, truth: { outputTokens } } = workload;
  const kept = keepRows(
    workload,
    (row) => promptTokens[row] + outputTokens[row] <= contextTokens,
    (rows) => `requests over ${contextTokens} tokens left out: ${size - rows} of ${size}`,
  );
  const { requests } = kept;
  const maxTokens = requests.maxTokens.map((cap, row) =>
    Math.min(cap, contextTokens - requests.promptTokens[row])
  );
  return { ...kept, requests: { ...requests, maxTokens } };
}

function truncated(
  workload: Workload,
  { contextTokens, answerTokens }: { contextTokens: number; answerTokens: number },
): Workload {
  const { requests, truth } = workload;
  let promptsCut = 0;
  let answersCut = 0;
  const promptTokens = requests.promptTokens.map((tokens) => {
    // A prompt that leaves room for one token is sent as it is; one that does not is cut to more.
    if (tokens < contextTokens) return tokens;
    promptsCut++;
    return contextTokens - answerTokens;
  });
  const maxTokens = requests.maxTokens.map((cap, row) =>
    Math.min(cap, contextTokens - promptTokens[row])
  );
  const outputTokens = truth.outputTokens.map((tokens, row) => {
    if (tokens > maxTokens[row]) answersCut++;
    return Math.min(tokens, maxTokens[row]);
  });
  const { promptText, promptBlocks: blocks, promptWords, ...columns } = requests;
  const promptBlocks = blocks && promptsCut > 0 ? cutBlocks(blocks, promptTokens) : blocks;
  const lost = [
    ...(promptText && promptsCut > 0 ? ["texts"] : []),
    ...(blocks && !promptBlocks ? ["shared blocks"] : []),
  ];
  return {
    ...workload,
    requests: {
      ...columns,
      promptTokens,
      maxTokens,
      ...promptWords &&
        { promptWords: inProportion(promptWords, requests.promptTokens, promptTokens) },
      ...promptsCut === 0 && promptText && { promptText },
      ...promptBlocks && { promptBlocks },
    },
    truth: {
      outputTokens,
      ...truth.outputWords && {
        outputWords: inProportion(truth.outputWords, truth.outputTokens, outputTokens),
      },
    },
    provenance: withStep(
      workload,
      `lengths cut to a context of ${contextTokens} tokens: ${promptsCut} prompts and ` +
        `${answersCut} answers of ${requests.size}` +
        (lost.length > 0 ? `; ${lost.join(" and ")} of prompts left out` : ""),
    ),
  };
}

/** Words of texts of which a part is left: as large a part, rounded, at least one. */
function inProportion(words: Int32Array, before: Int32Array, after: Int32Array): Int32Array {
  return words.map((count, row) =>
    after[row] === before[row] ? count : Math.max(1, Math.round(count * after[row] / before[row]))
  );
}
