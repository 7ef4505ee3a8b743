import { z } from "zod";
import { badRequest, badValue } from "./api-error.ts";

const MAX_STOP_STRINGS = 4;
const MAX_PROMPTS = 1024;

/** A whole number of 64 bits: JSON may hold more digits than a double. */
const int64 = z.number().refine(Number.isInteger, { error: "expected an integer" });
const tokenIds = z.array(z.int().min(0));
const sampling = z.number().nullish();

const StreamOptions = z.object({
  include_usage: z.boolean().nullish(),
  continuous_usage_stats: z.boolean().nullish(),
});

/** Fields that both endpoints know (vLLM reference §1.1). Others are accepted and ignored. */
const Shared = z.object({
  model: z.string().nullish(),
  max_tokens: z.int().nullish(),
  min_tokens: z.int().min(0).nullish(),
  ignore_eos: z.boolean().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  stop_token_ids: tokenIds.nullish(),
  include_stop_str_in_output: z.boolean().nullish(),
  temperature: sampling,
  top_p: sampling,
  top_k: z.int().nullish(),
  min_p: sampling,
  repetition_penalty: sampling,
  presence_penalty: sampling,
  frequency_penalty: sampling,
  seed: int64.nullish(),
  n: z.int().nullish(),
  stream: z.boolean().nullish(),
  stream_options: StreamOptions.nullish(),
  stream_interval: z.int().min(1).nullish(),
  priority: int64.nullish(),
  request_id: z.string().nullish(),
  prompt_logprobs: z.int().nullish(),
  return_token_ids: z.boolean().nullish(),
  truncate_prompt_tokens: z.int().min(-1).nullish(),
  truncation_side: z.enum(["left", "right"]).nullish(),
  add_special_tokens: z.boolean().nullish(),
  echo: z.boolean().nullish(),
  response_format: z.unknown().optional(),
  structured_outputs: z.unknown().optional(),
});

const CompletionBody = Shared.extend({
  prompt: z.union([z.string(), tokenIds, z.array(z.string()), z.array(tokenIds)]),
  suffix: z.string().nullish(),
  logprobs: z.int().nullish(),
});

const Content = z.union([z.string(), z.array(z.object({ type: z.string(), text: z.string() }))]);
/** A message of a chat. */
export const ChatMessage = z.object({ role: z.string(), content: Content.nullish() });
export type ChatMessage = z.output<typeof ChatMessage>;

const ChatBody = Shared.extend({
  messages: z.array(ChatMessage).min(1),
  max_completion_tokens: z.int().nullish(),
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
  readonly returnTokenIds: boolean;
  /** null: whole; -1: as many as fit. */
  readonly truncatePromptTokens: number | null;
  readonly truncationSide: "left" | "right";
  readonly addSpecialTokens: boolean;
  readonly echo: boolean;
}

/** Parses `body` with `schema`, or says like vLLM what is wrong with it. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [first, ...more] = parsed.error.issues;
  const where = first.path.length > 0 ? `body.${first.path.join(".")}: ` : "";
  const rest = more.length > 0 ? ` (and ${more.length} more)` : "";
  throw badRequest(`${where}${first.message}${rest}`);
}

/** Refuses what vLLM's samplers refuse. */
function checkSampling(body: z.output<typeof Shared>): void {
  const { temperature, top_p, top_k, min_p, repetition_penalty } = body;
  const outside = (value: number | null | undefined, low: number, high: number) =>
    value !== null && value !== undefined && !(value >= low && value <= high);
  if (outside(temperature, 0, 2)) {
    throw badValue(`temperature must be in [0, 2], got ${temperature}.`, [
      "temperature",
      temperature,
    ]);
  }
  if (top_p === 0 || outside(top_p, 0, 1)) {
    throw badValue(`top_p must be in (0, 1], got ${top_p}.`, ["top_p", top_p]);
  }
  if (outside(top_k, -1, Infinity)) {
    throw badValue(`top_k must be 0 (disable), or at least 1, got ${top_k}.`, ["top_k", top_k]);
  }
  if (outside(min_p, 0, 1)) {
    throw badValue(`min_p must be in [0, 1], got ${min_p}.`, ["min_p", min_p]);
  }
  if (repetition_penalty === 0 || outside(repetition_penalty, 0, Infinity)) {
    throw badValue(
      `repetition_penalty must be greater than zero, got ${repetition_penalty}.`,
      ["repetition_penalty", repetition_penalty],
    );
  }
  for (const name of ["presence_penalty", "frequency_penalty"] as const) {
    if (outside(body[name], -2, 2)) {
      throw badValue(`${name} must be in [-2, 2], got ${body[name]}.`, [name, body[name]]);
    }
  }
}

function shared(body: z.output<typeof Shared>, maxTokens: number | null) {
  checkSampling(body);
  const stream = body.stream ?? false;
  if (body.stream_options && !stream) {
    throw badRequest("Stream options can only be defined when `stream=True`.");
  }
  const stop = typeof body.stop === "string" ? [body.stop] : body.stop ?? [];
  if (stop.length > MAX_STOP_STRINGS) {
    throw badRequest(`at most ${MAX_STOP_STRINGS} stop strings are allowed, got ${stop.length}`);
  }
  if (stop.includes("")) {
    throw badValue("stop cannot contain an empty string.", ["stop", JSON.stringify(stop)]);
  }
  const n = body.n ?? 1;
  if (n < 1) throw badValue(`n must be at least 1, got ${n}.`, ["n", n]);
  if (body.temperature === 0 && n > 1) {
    throw badValue(`n must be 1 when using greedy sampling, got ${n}.`, ["n", n]);
  }
  const minTokens = body.min_tokens ?? 0;
  if (maxTokens !== null && minTokens > maxTokens) {
    throw badValue(
      `min_tokens must be less than or equal to max_tokens=${maxTokens}, got ${minTokens}.`,
      ["min_tokens", minTokens],
    );
  }
  if (body.prompt_logprobs !== null && body.prompt_logprobs !== undefined) {
    throw badValue("The twin computes no log probabilities.", [
      "prompt_logprobs",
      body.prompt_logprobs,
    ]);
  }
  if (body.response_format || body.structured_outputs) {
    throw badValue("The twin's answers follow no format.");
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
    returnTokenIds: body.return_token_ids ?? false,
    truncatePromptTokens: body.truncate_prompt_tokens ?? null,
    truncationSide: body.truncation_side ?? "right",
    addSpecialTokens: body.add_special_tokens ?? true,
    echo: body.echo ?? false,
  };
}

/** Prompts of the field, one or many; `[1, 2]` is one of token ids. */
function promptsOf(prompt: z.output<typeof CompletionBody>["prompt"]): Prompt[] {
  const single = typeof prompt === "string" || typeof prompt[0] === "number";
  const prompts = single ? [prompt as Prompt] : prompt as Prompt[];
  if (prompts.length === 0 || prompts.some(({ length }) => length === 0)) {
    throw badRequest("Either prompt or prompt_embeds must be provided and non-empty.");
  }
  if (prompts.length > MAX_PROMPTS) {
    throw badRequest(`at most ${MAX_PROMPTS} prompts are allowed, got ${prompts.length}`);
  }
  return prompts;
}

/** The body of `POST /v1/completions`; throws an ApiError. `max_tokens` is 16 unless stated. */
export function completionRequest(json: unknown): GenerationRequest {
  const body = parseBody(CompletionBody, json);
  if (body.suffix) throw badRequest("suffix is not currently supported");
  if (body.logprobs !== null && body.logprobs !== undefined) {
    throw badValue("The twin computes no log probabilities.", ["logprobs", body.logprobs]);
  }
  const maxTokens = body.max_tokens ?? 16;
  if (maxTokens < 1) {
    throw badValue(`max_tokens must be at least 1, got ${maxTokens}.`, ["max_tokens", maxTokens]);
  }
  const prompts = promptsOf(body.prompt);
  return { endpoint: "completions", prompts, messages: null, ...shared(body, maxTokens) };
}

/** The body of `POST /v1/chat/completions`; throws an ApiError. */
export function chatRequest(json: unknown): GenerationRequest {
  const body = parseBody(ChatBody, json);
  if (body.logprobs) {
    throw badValue("The twin computes no log probabilities.", ["logprobs", body.logprobs]);
  }
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? null;
  if (maxTokens !== null && maxTokens < 1) {
    throw badValue(`max_tokens must be at least 1, got ${maxTokens}.`, ["max_tokens", maxTokens]);
  }
  return { endpoint: "chat", prompts: [], messages: body.messages, ...shared(body, maxTokens) };
}
