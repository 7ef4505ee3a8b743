import * as z from "zod";
import { badRequest, badValue } from "./api-error.ts";
import { pythonFloat } from "../python-float.ts";

const MAX_STOP_STRINGS = 4;
const MAX_PROMPTS = 1024;
/** vLLM's too (`VLLM_MAX_N_SEQUENCES`). */
const MAX_ANSWERS = 16_384;

/** Reads a number that was sent as text, as vLLM does. */
const orText = <S extends z.ZodType<number>>(schema: S) =>
  z.preprocess(
    (value) => typeof value === "string" && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : value,
    schema,
  );
/** Whole numbers may have 64 bits: JSON may hold more digits than a double. */
const int = orText(z.number().refine(Number.isInteger, { error: "expected an integer" }));
const atLeast = (least: number) => orText(z.int().min(least));
const tokenIds = z.array(z.int().min(0));
const sampling = z.number().nullish();

const StreamOptions = z.object({
  include_usage: z.boolean().nullish(),
  continuous_usage_stats: z.boolean().nullish(),
});

/** Fields that both endpoints know (vLLM reference §1.1). Others are accepted and ignored. */
const Shared = z.object({
  model: z.string().nullish(),
  max_tokens: int.nullish(),
  min_tokens: atLeast(0).nullish(),
  ignore_eos: z.boolean().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(MAX_STOP_STRINGS)]).nullish(),
  stop_token_ids: tokenIds.nullish(),
  include_stop_str_in_output: z.boolean().nullish(),
  temperature: sampling,
  top_p: sampling,
  top_k: int.nullish(),
  min_p: sampling,
  repetition_penalty: sampling,
  presence_penalty: sampling,
  frequency_penalty: sampling,
  seed: int.nullish(),
  n: int.nullish(),
  stream: z.boolean().nullish(),
  stream_options: StreamOptions.nullish(),
  stream_interval: atLeast(1).nullish(),
  priority: int.nullish(),
  request_id: z.string().nullish(),
  cache_salt: z.unknown().optional(),
  prompt_logprobs: int.nullish(),
  return_token_ids: z.boolean().nullish(),
  truncate_prompt_tokens: atLeast(-1).nullish(),
  truncation_side: z.enum(["left", "right"]).nullish(),
  add_special_tokens: z.boolean().nullish(),
  echo: z.boolean().nullish(),
  response_format: z.object({ type: z.string() }).nullish(),
  structured_outputs: z.unknown().optional(),
});

const CompletionBody = Shared.extend({
  prompt: z.union([z.string(), tokenIds, z.array(z.string()), z.array(tokenIds)]).nullish(),
  suffix: z.string().nullish(),
  logprobs: int.nullish(),
});

const Content = z.union([z.string(), z.array(z.object({ type: z.string(), text: z.string() }))]);
/** A message of a chat. */
export const ChatMessage = z.object({ role: z.string(), content: Content.nullish() });
export type ChatMessage = z.output<typeof ChatMessage>;

const ChatBody = Shared.extend({
  messages: z.array(ChatMessage),
  max_completion_tokens: int.nullish(),
  logprobs: z.boolean().nullish(),
});

/** A prompt as it came: text, or token ids. */
export type Prompt = string | readonly number[];

/** A request for answers, its defaults filled in. */
export interface GenerationRequest {
  readonly endpoint: "completions" | "chat";
  readonly model: string | null;
  /** One or more; `chat` has none, but messages. */
  readonly prompts: readonly Prompt[];
  readonly messages: readonly ChatMessage[] | null;
  /** null: as many as the context holds. */
  readonly maxTokens: number | null;
  readonly minTokens: number;
  readonly ignoreEos: boolean;
  readonly stop: readonly string[];
  readonly stopTokenIds: readonly number[];
  readonly includeStopString: boolean;
  readonly seed: number | null;
  readonly n: number;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
  readonly streamInterval: number;
  readonly priority: number;
  readonly requestId: string | null;
  /** Requests with another salt share no KV with it; null: none. */
  readonly cacheSalt: string | null;
  readonly returnTokenIds: boolean;
  /** null: whole; -1: as many as fit. */
  readonly truncatePromptTokens: number | null;
  readonly truncationSide: "left" | "right";
  readonly addSpecialTokens: boolean;
  readonly echo: boolean;
  /** Shows the prompt alone (`max_tokens` 0 with `echo`); one token is computed all the same. */
  readonly echoAlone: boolean;
}

/** Parses `body` with `schema`, or says where it does not fit. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const place = (path: readonly PropertyKey[]) => ["body", ...path].join(".");
  throw badRequest(
    issues.map(({ path, message }) => `{'loc': '${place(path)}', 'msg': '${message}'}`),
    place(issues[0].path),
  );
}

/** Refuses what vLLM's samplers refuse. */
function checkSampling(body: z.output<typeof Shared>): void {
  const { temperature, top_p, top_k, min_p, repetition_penalty } = body;
  const outside = (value: number | null | undefined, low: number, high: number) =>
    value !== null && value !== undefined && !(value >= low && value <= high);
  if (outside(temperature, 0, 2)) {
    const got = pythonFloat(temperature!);
    throw badValue(`temperature must be in [0, 2], got ${got}.`, ["temperature", got]);
  }
  if (top_p === 0 || outside(top_p, 0, 1)) {
    const got = pythonFloat(top_p!);
    throw badValue(`top_p must be in (0, 1], got ${got}.`, ["top_p", got]);
  }
  if (outside(top_k, -1, Infinity)) {
    throw badValue(`top_k must be 0 (disable), or at least 1, got ${top_k}.`);
  }
  if (outside(min_p, 0, 1)) throw badValue(`min_p must be in [0, 1], got ${pythonFloat(min_p!)}.`);
  if (repetition_penalty === 0 || outside(repetition_penalty, 0, Infinity)) {
    const got = pythonFloat(repetition_penalty!);
    throw badValue(`repetition_penalty must be greater than zero, got ${got}.`);
  }
  for (const name of ["presence_penalty", "frequency_penalty"] as const) {
    if (outside(body[name], -2, 2)) {
      throw badValue(`${name} must be in [-2, 2], got ${pythonFloat(body[name]!)}.`);
    }
  }
}

function shared(body: z.output<typeof Shared>, maxTokens: number | null) {
  checkSampling(body);
  const stream = body.stream ?? false;
  if (body.stream_options && !stream) {
    throw badValue("Stream options can only be defined when `stream=True`.", ["stream_options"]);
  }
  const stop = typeof body.stop === "string" ? [body.stop] : body.stop ?? [];
  if (stop.includes("")) throw badValue("stop cannot contain an empty string.");
  const n = body.n ?? 1;
  if (n < 1) throw badValue(`n must be at least 1, got ${n}.`);
  if (n > MAX_ANSWERS) throw badValue(`n must be at most ${MAX_ANSWERS}, got ${n}.`);
  if (body.temperature === 0 && n > 1) {
    throw badValue(`n must be 1 when using greedy sampling, got ${n}.`);
  }
  const minTokens = body.min_tokens ?? 0;
  if (maxTokens !== null && minTokens > maxTokens) {
    throw badValue(
      `min_tokens must be less than or equal to max_tokens=${maxTokens}, got ${minTokens}.`,
    );
  }
  if (body.prompt_logprobs !== null && body.prompt_logprobs !== undefined) {
    throw badValue("The twin computes no log probabilities.", ["prompt_logprobs"]);
  }
  if ((body.response_format ?? { type: "text" }).type !== "text" || body.structured_outputs) {
    throw badValue("The twin's answers follow no format.", ["response_format"]);
  }
  const includeUsage = body.stream_options?.include_usage ?? false;
  return {
    model: body.model || null,
    maxTokens,
    minTokens,
    ignoreEos: body.ignore_eos ?? false,
    stop,
    stopTokenIds: body.stop_token_ids ?? [],
    includeStopString: body.include_stop_str_in_output ?? false,
    seed: body.seed === -1 ? null : body.seed ?? null,
    n,
    stream,
    includeUsage,
    // Works only together with the usage at the end.
    continuousUsage: includeUsage && (body.stream_options?.continuous_usage_stats ?? false),
    streamInterval: body.stream_interval ?? 1,
    priority: body.priority ?? 0,
    requestId: body.request_id || null,
    cacheSalt: saltOf(body.cache_salt),
    returnTokenIds: body.return_token_ids ?? false,
    truncatePromptTokens: body.truncate_prompt_tokens ?? null,
    truncationSide: body.truncation_side ?? "right",
    addSpecialTokens: body.add_special_tokens ?? true,
    echo: body.echo ?? false,
  };
}

function saltOf(salt: unknown): string | null {
  if (salt === null || salt === undefined) return null;
  if (typeof salt === "string" && salt !== "") return salt;
  const message = "Parameter 'cache_salt' must be a non-empty string if provided.";
  throw badValue(message, ["cache_salt"]);
}

/** Prompts of the field, one or many; `[1, 2]` is one of token ids. */
function promptsOf(prompt: z.output<typeof CompletionBody>["prompt"]): Prompt[] {
  const single = typeof prompt === "string" || typeof prompt?.[0] === "number";
  const prompts = single ? [prompt as Prompt] : prompt as Prompt[] | null | undefined;
  if (prompts?.length === 0) throw badValue("You must pass at least one prompt");
  if (!prompts || prompts.some(({ length }) => length === 0)) {
    const message = "Either prompt or prompt_embeds must be provided and non-empty.";
    throw badValue(message, ["prompt"]);
  }
  if (prompts.length > MAX_PROMPTS) {
    throw badValue(`at most ${MAX_PROMPTS} prompts are allowed, got ${prompts.length}`, ["prompt"]);
  }
  return prompts;
}

/** Token ids of all prompts of a request at most: more are not looked at one by one. */
const MOST_PROMPT_IDS = 2 ** 19;

/** Refuses prompts of too many ids by the lengths of their lists, before any of them is read. */
function assertFewIds(json: unknown): void {
  const { prompt } = (json ?? {}) as { readonly prompt?: unknown };
  if (!Array.isArray(prompt)) return;
  const lists = prompt.slice(0, MAX_PROMPTS).filter(Array.isArray) as unknown[][];
  const ids = lists.reduce((sum, { length }) => sum + length, prompt.length);
  if (ids <= MOST_PROMPT_IDS) return;
  throw badValue(`the twin takes at most ${MOST_PROMPT_IDS} token ids in a request, got ${ids}`, [
    "prompt",
  ]);
}

/** The body of `POST /v1/completions`; throws an ApiError. `max_tokens` is 16 unless stated. */
export function completionRequest(json: unknown): GenerationRequest {
  assertFewIds(json);
  const body = parseBody(CompletionBody, json);
  if (body.suffix) throw badValue("suffix is not currently supported");
  if (body.logprobs !== null && body.logprobs !== undefined) {
    throw badValue("The twin computes no log probabilities.", ["logprobs"]);
  }
  const echoAlone = body.max_tokens === 0 && body.echo === true;
  const maxTokens = echoAlone ? 1 : body.max_tokens ?? 16;
  if (maxTokens < 1) {
    throw badValue(`max_tokens must be at least 1, got ${maxTokens}.`, ["max_tokens", maxTokens]);
  }
  const prompts = promptsOf(body.prompt);
  return {
    endpoint: "completions",
    prompts,
    messages: null,
    echoAlone,
    ...shared(body, maxTokens),
  };
}

/** The body of `POST /v1/chat/completions`; throws an ApiError. */
export function chatRequest(json: unknown): GenerationRequest {
  const body = parseBody(ChatBody, json);
  if (body.logprobs) {
    throw badValue("The twin computes no log probabilities.", ["logprobs"]);
  }
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? null;
  if (maxTokens !== null && maxTokens < 1) {
    throw badValue(`max_tokens must be at least 1, got ${maxTokens}.`, ["max_tokens", maxTokens]);
  }
  const { messages } = body;
  if (messages.length === 0) {
    throw badValue(
      "Cannot apply chat template to an empty conversation. Provide at least one message.",
    );
  }
  const rest = shared(body, maxTokens);
  return { endpoint: "chat", prompts: [], messages, echoAlone: false, ...rest, echo: false };
}
