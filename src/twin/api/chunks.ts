import type { Flight } from "../flight.ts";
import type { GenerationRequest } from "./request-schema.ts";
import {
  type PerRequestMetrics,
  type PromptTokensDetails,
  promptTokensDetails,
  type Usage,
  usageOf,
} from "./usage.ts";

/** What stands in every chunk and reply of one HTTP request. */
export interface ReplyHead {
  /** `cmpl-…` or `chatcmpl-…`. */
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
}

/** What the server was started with. */
export interface FormatOptions {
  /** As vLLM's `--enable-prompt-tokens-details`. @default false */
  readonly promptTokensDetails?: boolean;
}

/** Tells the version of the software, as vLLM does. */
const FINGERPRINT = "vllm-0.30.0-twin";

/** Writes chunks and replies as vLLM 0.30 does, key for key (reference §1.2, §2.2, §2.3). */
export interface ReplyFormat {
  /** Chunk that comes before the first content of a choice; null: none does. */
  role(flight: Flight): string | null;
  /** Chunk of the text made since the last; the flight may be over. */
  content(flight: Flight): string;
  /** The usage chunk at a stream's end. */
  usage(flights: readonly Flight[], metrics: PerRequestMetrics | null): string;
  /** The answer in one piece. */
  whole(flights: readonly Flight[], metrics: PerRequestMetrics | null): string;
}

/** What the usage at a stream's end says of the cache: that of the answer which came first. */
function streamedDetails(flights: readonly Flight[]): PromptTokensDetails | null {
  const first = flights.reduce((least, each) =>
    each.firstToken < least.firstToken || Number.isNaN(least.firstToken) ? each : least
  );
  return promptTokensDetails(first);
}

function totalUsage(flights: readonly Flight[]): Usage {
  // n answers to one prompt read it once.
  const prompts = new Map(flights.map(({ plan }) => [plan.promptIndex, plan.promptTokens]));
  let prompt = 0, completion = 0;
  for (const tokens of prompts.values()) prompt += tokens;
  for (const { tokens } of flights) completion += tokens;
  return usageOf(prompt, completion);
}

/** How the request ended, where it has. */
const endOf = ({ ended, plan }: Flight) =>
  ended
    ? { finish_reason: plan.finishReason as string | null, stop_reason: plan.stopReason }
    : { finish_reason: null, stop_reason: null };

/** The format of `/v1/completions`. */
export function completionFormat(
  head: ReplyHead,
  request: GenerationRequest,
  options: FormatOptions = {},
): ReplyFormat {
  const { id, created, model } = head;
  const { returnTokenIds, continuousUsage, includeUsage } = request;
  const object = "text_completion";
  const top = { id, object, created, model };
  // Most chunks are made of these and little else: written out, because there are many.
  const before = `${JSON.stringify(top).slice(0, -1)},"choices":[{"index":`;
  const plain = `,"logprobs":null,"finish_reason":null,"stop_reason":null,` +
    `"prompt_token_ids":null,"token_ids":null}]`;
  const text = (flight: Flight) => {
    const made = flight.plan.text.takeText();
    if (!request.echo || flight.echoed) return made;
    flight.echoed = true;
    return flight.plan.echo + made;
  };
  return {
    role: () => null,
    content(flight) {
      const { index, promptTokens } = flight.plan;
      const usage = continuousUsage ? usageOf(promptTokens, flight.tokens) : undefined;
      const said = JSON.stringify(text(flight));
      const { promptIds } = flight.plan;
      const first = promptIds !== null && !flight.promptShown;
      if (!flight.ended && !returnTokenIds && !first) {
        const tail = usage === undefined ? "" : `,"usage":${JSON.stringify(usage)}`;
        return `${before}${index},"text":${said}${plain}${tail}}`;
      }
      flight.promptShown = true;
      const rest = {
        logprobs: null,
        ...endOf(flight),
        prompt_token_ids: first ? promptIds : null,
        token_ids: returnTokenIds ? flight.plan.text.takeTokenIds() : null,
      };
      const end = {
        ...usage !== undefined && { usage },
        ...flight.ended && !includeUsage && { system_fingerprint: FINGERPRINT },
      };
      const tail = JSON.stringify(end).slice(1);
      return `${before}${index},"text":${said},${JSON.stringify(rest).slice(1)}]${
        tail === "}" ? "}" : `,${tail}`
      }`;
    },
    usage: (flights, metrics) => JSON.stringify(usageChunk(top, flights, { ...options, metrics })),
    whole(flights, metrics) {
      const choices = flights.map((flight) => ({
        index: flight.plan.index,
        text: text(flight),
        logprobs: null,
        ...endOf(flight),
        token_ids: returnTokenIds ? flight.plan.text.takeTokenIds() : null,
        prompt_logprobs: null,
        prompt_token_ids: returnTokenIds ? flight.plan.promptIds : null,
        routed_experts: null,
      }));
      return JSON.stringify({ ...top, choices, ...wholeTail(flights, metrics, options) });
    },
  };
}

/** The format of `/v1/chat/completions`. */
export function chatFormat(
  head: ReplyHead,
  request: GenerationRequest,
  options: FormatOptions = {},
): ReplyFormat {
  const { id, created, model } = head;
  const { returnTokenIds, continuousUsage, includeUsage } = request;
  const top = { id, object: "chat.completion.chunk", created, model };
  return {
    role(flight) {
      const { index, promptTokens, promptIds } = flight.plan;
      const delta = { role: "assistant", content: "" };
      return JSON.stringify({
        ...top,
        choices: [{ index, delta, logprobs: null, finish_reason: null }],
        ...continuousUsage && { usage: chatUsage(promptTokens, 0) },
        prompt_token_ids: returnTokenIds ? promptIds : null,
        prompt_text: null,
      });
    },
    content(flight) {
      const { index, promptTokens, text, finishReason, stopReason } = flight.plan;
      return JSON.stringify({
        ...top,
        choices: [{
          index,
          delta: { content: text.takeText() },
          logprobs: null,
          finish_reason: flight.ended ? finishReason : null,
          ...flight.ended && { stop_reason: stopReason },
          token_ids: returnTokenIds ? text.takeTokenIds() : null,
        }],
        ...continuousUsage && { usage: chatUsage(promptTokens, flight.tokens) },
        ...flight.ended && !includeUsage && { system_fingerprint: FINGERPRINT },
      });
    },
    usage: (flights, metrics) => JSON.stringify(usageChunk(top, flights, { ...options, metrics })),
    whole(flights, metrics) {
      const choices = flights.map((flight) => ({
        index: flight.plan.index,
        message: {
          role: "assistant",
          content: flight.plan.text.takeText(),
          refusal: null,
          annotations: null,
          audio: null,
          function_call: null,
          reasoning: null,
        },
        logprobs: null,
        ...endOf(flight),
        token_ids: returnTokenIds ? flight.plan.text.takeTokenIds() : null,
        routed_experts: null,
      }));
      const prompt = {
        prompt_logprobs: null,
        prompt_token_ids: returnTokenIds ? flights[0].plan.promptIds : null,
        prompt_text: null,
      };
      return JSON.stringify({
        ...top,
        object: "chat.completion",
        choices,
        ...wholeTail(flights, metrics, { ...options, prompt }),
      });
    },
  };
}

/** Usage in the midst of a chat: not cleared of nulls, unlike that at the end. */
const chatUsage = (prompt: number, completion: number) => ({
  ...usageOf(prompt, completion),
  completion_tokens_details: null,
});

/** Nulls are dropped here. */
function usageChunk(
  top: object,
  flights: readonly Flight[],
  { metrics, promptTokensDetails = false }: FormatOptions & {
    readonly metrics: PerRequestMetrics | null;
  },
) {
  const details = promptTokensDetails ? streamedDetails(flights) : null;
  return {
    ...top,
    choices: [],
    usage: {
      ...totalUsage(flights),
      ...details !== null && { prompt_tokens_details: details },
    },
    system_fingerprint: FINGERPRINT,
    ...metrics !== null && { metrics },
  };
}

/** `prompt` is what a chat tells of its prompt. */
function wholeTail(
  flights: readonly Flight[],
  metrics: PerRequestMetrics | null,
  { prompt = {}, promptTokensDetails: wanted = false }: FormatOptions & {
    readonly prompt?: object;
  },
) {
  // Of several answers vLLM tells of the last.
  const details = wanted ? promptTokensDetails(flights.at(-1)!) : null;
  return {
    service_tier: null,
    system_fingerprint: FINGERPRINT,
    usage: {
      ...totalUsage(flights),
      prompt_tokens_details: details && { ...details, multimodal_tokens: null },
      completion_tokens_details: null,
    },
    ...prompt,
    kv_transfer_params: null,
    ec_transfer_params: null,
    // In a stream, where nulls are dropped, this one is.
    metrics: metrics === null ? null : { ...metrics, speculative_decoding: null },
  };
}
