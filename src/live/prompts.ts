import * as z from "zod";
import { InputError } from "../errors/input-error.ts";
import { substream, uniformInt } from "../random/substream.ts";
import type { Requests, Workload } from "../workload/workload.ts";
import type { ChatMessage, CompletionRequest } from "./client/completion-request.ts";
import { promptTokenIds } from "./drawn-token-ids.ts";

/** What is sent as the prompt, and how long its answer is. */
export const PromptOptions = z.strictObject({
  endpoint: z.enum(["completions", "chat"]).default("completions"),
  /**
   * `text`: the workload's own prompts. `token-ids`: as many ids as the workload says, drawn by seed;
   * needs no tokenizer. What prompts share by the workload's `promptBlocks` has the same ids, the rest
   * is each request's own, so that a prefix cache finds what the workload says. `auto`: text where the
   * workload has it.
   */
  prompts: z.enum(["auto", "text", "token-ids"]).default("auto"),
  /** Ids are drawn from `low` up to, and without, `high`: every model of today has these. */
  tokenIds: z.strictObject({
    low: z.int().min(0).default(1000),
    high: z.int().min(2).default(30_000),
  }).refine(({ low, high }) => low < high, { path: ["high"], error: "a number above low" })
    .prefault({}),
  /**
   * `server`: the model ends its answers, `max_tokens` is the workload's cap. `workload`: each answer
   * is exactly as long as in the workload (`max_tokens` with `ignore_eos`); the scheduler is still
   * told of no length. `auto`: `workload` for drawn ids, which no model has anything to say to.
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

type Content =
  | { readonly endpoint: "completions"; readonly prompt: string | Int32Array }
  | { readonly endpoint: "chat"; readonly messages: readonly ChatMessage[] };

function refuse(field: string, value: unknown, expected: string): never {
  throw new InputError({ file: "live options", field, value, expected });
}

function contentOf(requests: Requests, options: PromptOptions, seed: number) {
  const { promptText, promptTokens } = requests;
  const { endpoint, prompts, tokenIds } = options;
  const text = sendsText(requests, options);
  if (text && promptText === undefined) {
    refuse("prompts", prompts, "token-ids (this workload holds lengths, no text)");
  }
  if (!text && endpoint === "chat") {
    refuse("endpoint", endpoint, "completions (a chat's messages are text, not token ids)");
  }
  const empty = text ? -1 : promptTokens.findIndex((count) => count < 1);
  if (empty >= 0) {
    throw new InputError({
      file: "workload",
      row: empty + 1,
      field: "promptTokens",
      value: promptTokens[empty],
      expected: "at least 1; servers refuse empty prompts",
    });
  }
  const idsOf = text ? undefined : promptTokenIds(requests, { ...tokenIds, seed });
  const content = (row: number): Content => {
    if (idsOf !== undefined) return { endpoint: "completions", prompt: idsOf(row) };
    const prompt = promptText!(row);
    return endpoint === "chat"
      ? { endpoint, messages: [{ role: "user", content: prompt }] }
      : { endpoint, prompt };
  };
  return content;
}

/** Whether prompts go out as text, and not as token ids. */
export function sendsText({ promptText }: Requests, { prompts }: PromptOptions): boolean {
  return prompts === "auto" ? promptText !== undefined : prompts === "text";
}

/** The `max_tokens` that are sent, shape (n), and whether answers are made exactly so long. */
export function capsOf(
  { requests, truth }: Workload,
  options: PromptOptions,
): { readonly exact: boolean; readonly maxTokens: Int32Array } {
  const { answerLengths } = options;
  const exact = answerLengths === "auto"
    ? !sendsText(requests, options)
    : answerLengths === "workload";
  return { exact, maxTokens: exact ? truth.outputTokens : requests.maxTokens };
}

/**
 * The request that is sent for each row of a workload. Throws an InputError where the options ask
 * for what the workload has not.
 */
export function callsOf(
  workload: Workload,
  options: PromptOptions,
  seed: number,
): (row: number, identity: CallIdentity) => CompletionRequest {
  const { requests } = workload;
  const content = contentOf(requests, options, seed);
  const { temperature, requestSeeds } = options;
  const { exact, maxTokens } = capsOf(workload, options);
  return (row, identity) => ({
    ...identity,
    ...content(row),
    maxTokens: maxTokens[row],
    ...exact ? { ignoreEos: true } : {},
    ...temperature === undefined ? {} : { temperature },
    ...requestSeeds ? { seed: uniformInt(substream(seed, `live/sampling/${row}`), 2 ** 31) } : {},
  });
}
