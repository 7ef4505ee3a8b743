import * as z from "zod";
import { InputError } from "../errors/input-error.ts";
import { substream, uniformInt } from "../random/substream.ts";
import type { Requests, Workload } from "../workload/workload.ts";
import type { ChatMessage, CompletionRequest } from "./client/completion-request.ts";
import { promptTokenIds } from "./drawn-token-ids.ts";
import { madeText } from "./made-words.ts";

/** What is sent as the prompt, and how long its answer is. */
export const PromptOptions = z.strictObject({
  endpoint: z.enum(["completions", "chat"]).default("completions"),
  /**
   * `text`: the workload's own prompts. `token-ids`: as many ids as the workload says, drawn by seed;
   * needs no tokenizer. `words`: a text of as many common words, each one token of most tokenizers, less
   * the tokens that the server's chat template adds, where it tells them (`POST /tokenize`). What
   * prompts share by the workload's `promptBlocks` has the same ids or words, the rest is each
   * request's own, so that a prefix cache finds what the workload says. `auto`: text where the workload
   * has it, else `token-ids`, and `words` in a chat.
   */
  prompts: z.enum(["auto", "text", "token-ids", "words"]).default("auto"),
  /** Ids, and words by them, are drawn from `low` up to, and without, `high`: every model of today has these. */
  tokenIds: z.strictObject({
    low: z.int().min(0).default(1000),
    high: z.int().min(2).default(30_000),
  }).refine(({ low, high }) => low < high, { path: ["high"], error: "a number above low" })
    .prefault({}),
  /**
   * `server`: the model ends its answers, `max_tokens` is the workload's cap. `workload`: each answer
   * is exactly as long as in the workload (`max_tokens` with `ignore_eos`); the scheduler is still
   * told of no length. `auto`: `workload` for made prompts, which no model has anything to say to.
   */
  answerLengths: z.enum(["auto", "server", "workload"]).default("auto"),
  /** Of the model's sampling; absent: what the server's own configuration says. */
  temperature: z.number().min(0).max(2).optional(),
  /** Whether each request carries a seed of its own. */
  requestSeeds: z.boolean().default(false),
});
export type PromptOptions = z.output<typeof PromptOptions>;

/** What identifies a call besides its content. */
export interface CallIdentity {
  readonly id: string;
  readonly model: string;
  readonly priority: number;
}

/** What is sent as the prompt. */
export type PromptKind = "text" | "token-ids" | "words";

type Content =
  | { readonly endpoint: "completions"; readonly prompt: string | Int32Array }
  | { readonly endpoint: "chat"; readonly messages: readonly ChatMessage[] };

function refuse(field: string, value: unknown, expected: string): never {
  throw new InputError({ file: "live options", field, value, expected });
}

function contentOf(requests: Requests, options: PromptOptions, seed: number) {
  const { promptText, promptTokens } = requests;
  const { endpoint, prompts, tokenIds } = options;
  const kind = promptKind(requests, options);
  if (kind === "text" && promptText === undefined) {
    refuse("prompts", prompts, "token-ids or words (this workload holds lengths, no text)");
  }
  if (kind === "token-ids" && endpoint === "chat") {
    refuse("prompts", prompts, "text or words (a chat's messages are text, not token ids)");
  }
  const empty = kind === "text" ? -1 : promptTokens.findIndex((count) => count < 1);
  if (empty >= 0) {
    throw new InputError({
      file: "workload",
      row: empty + 1,
      field: "promptTokens",
      value: promptTokens[empty],
      expected: "at least 1; servers refuse empty prompts",
    });
  }
  const idsOf = kind === "text" ? undefined : promptTokenIds(requests, { ...tokenIds, seed });
  const promptOf = (row: number, templateTokens: number): string | Int32Array => {
    if (idsOf === undefined) return promptText!(row);
    const ids = idsOf(row);
    if (kind === "token-ids") return ids;
    return madeText(ids.subarray(0, Math.max(1, ids.length - templateTokens)));
  };
  return (row: number, templateTokens: number): Content => {
    const prompt = promptOf(row, templateTokens);
    return endpoint === "chat"
      ? { endpoint, messages: [{ role: "user", content: prompt as string }] }
      : { endpoint, prompt };
  };
}

/** What is sent as the prompts of a workload. */
export function promptKind(
  { promptText }: Requests,
  { prompts, endpoint }: PromptOptions,
): PromptKind {
  if (prompts !== "auto") return prompts;
  if (promptText !== undefined) return "text";
  return endpoint === "chat" ? "words" : "token-ids";
}

/** The `max_tokens` that are sent, shape (n), and whether answers are made exactly so long. */
export function capsOf(
  { requests, truth }: Workload,
  options: PromptOptions,
): { readonly exact: boolean; readonly maxTokens: Int32Array } {
  const { answerLengths } = options;
  const exact = answerLengths === "auto"
    ? promptKind(requests, options) !== "text"
    : answerLengths === "workload";
  return { exact, maxTokens: exact ? truth.outputTokens : requests.maxTokens };
}

/**
 * The request that is sent for each row of a workload. Throws an InputError where the options ask
 * for what the workload has not.
 *
 * @returns makes the request of a row; a server that adds tokens to a made text is named with it
 */
export function callsOf(
  workload: Workload,
  options: PromptOptions,
  seed: number,
): (row: number, identity: CallIdentity, templateTokens?: number) => CompletionRequest {
  const { requests } = workload;
  const content = contentOf(requests, options, seed);
  const { temperature, requestSeeds } = options;
  const { exact, maxTokens } = capsOf(workload, options);
  return (row, identity, templateTokens = 0) => ({
    ...identity,
    ...content(row, templateTokens),
    maxTokens: maxTokens[row],
    ...exact ? { ignoreEos: true } : {},
    ...temperature === undefined ? {} : { temperature },
    ...requestSeeds ? { seed: uniformInt(substream(seed, `live/sampling/${row}`), 2 ** 31) } : {},
  });
}
