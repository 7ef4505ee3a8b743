import * as z from "zod";
import { type Carried, carriedBy, NOTHING } from "./carried.ts";

/** Tokens at most that a count can be of: what a column of counts holds. */
export const MOST_TOKENS = 2 ** 31 - 1;

/** A count as a server claims it: null where it says none, NaN where what it says can be no count. */
const maybeCount = z.unknown().optional().transform((value): number | null => {
  if (value === undefined || value === null) return null;
  const isCount = Number.isInteger(value) && value as number >= 0 && value as number <= MOST_TOKENS;
  return isCount ? value as number : NaN;
});
const milliseconds = z.number().nullish();

const UsageJson = z.object({
  prompt_tokens: maybeCount,
  completion_tokens: maybeCount,
  prompt_tokens_details: z.object({ cached_tokens: maybeCount }).nullish(),
});

/** llama.cpp's: of the prompt it counts what it had to read and what its cache had apart. */
const TimingsJson = z.object({
  prompt_n: maybeCount,
  cache_n: maybeCount,
  predicted_n: maybeCount,
});

const MetricsJson = z.object({
  time_to_first_token_ms: milliseconds,
  queue_time_ms: milliseconds,
  generation_time_ms: milliseconds,
  mean_itl_ms: milliseconds,
  tokens_per_second: milliseconds,
});

/** A delta, or a whole message. Which of its fields hold something is for {@link carriedBy}. */
const MessageJson = z.looseObject({ role: z.string().nullish() });

const ChoiceJson = z.object({
  index: z.number().nullish().catch(null),
  /** Completions. */
  text: z.string().nullish(),
  /** Chat. */
  delta: MessageJson.nullish(),
  /** Chat that is not streamed; some servers send it as an event. */
  message: MessageJson.nullish(),
  finish_reason: z.string().nullish(),
  stop_reason: z.union([z.string(), z.number()]).nullish(),
  token_ids: z.array(z.number()).nullish(),
});

/** What of an event says that it belongs to an answer, whatever other fields it has. */
const EventJson = z.object({
  choices: z.array(ChoiceJson).nullish(),
  usage: UsageJson.nullish(),
  metrics: MetricsJson.nullish(),
  timings: TimingsJson.nullish().catch(null),
  object: z.string().nullish().catch(null),
  /** Ollama's and TGI's own shapes, which proxies hand on. */
  message: MessageJson.nullish().catch(null),
  done: z.boolean().nullish().catch(null),
  done_reason: z.string().nullish().catch(null),
  prompt_eval_count: maybeCount,
  eval_count: maybeCount,
  token: z.object({ text: z.string() }).nullish().catch(null),
  generated_text: z.string().nullish().catch(null),
  details: z.object({
    finish_reason: z.string().nullish(),
    generated_tokens: maybeCount,
    input_length: maybeCount,
  }).nullish().catch(null),
});
type EventJson = z.output<typeof EventJson>;

/** Characters that are kept of why an answer ended. */
const LONGEST_REASON = 100;

/** Fields of which one makes an object an event of an answer. */
const KNOWN = ["choices", "usage", "metrics", "timings", "done", "token", "details"];

/** The part of an answer that an event brings. */
export interface EventChoice {
  readonly carried: Carried;
  /** Completions: a token may have an empty text there (vLLM reference §2.2). */
  readonly isText: boolean;
  /** A message as a whole, which may say once more what deltas have brought. */
  readonly isWhole: boolean;
  /** Whether it names a role, as the first event of a chat does. */
  readonly hasRole: boolean;
  readonly tokenIds: number | null;
  readonly stopReason: string | number | null;
}

/** An event of a stream, or a whole answer, of whichever server; null for what it leaves out. */
export interface StreamEvent {
  /** Null: an event about the answer, with its usage, say. */
  readonly choice: EventChoice | null;
  /** Null too for the empty text that TGI sends until the end. */
  readonly finishReason: string | null;
  readonly promptTokens: number | null;
  /** Tokens of the answer until now. */
  readonly completionTokens: number | null;
  readonly cachedTokens: number | null;
  readonly metrics: z.output<typeof MetricsJson> | null;
  /** Whether it claims a count that can be none: negative, fractional, beyond all measure, a word. */
  readonly impossibleCount: boolean;
  /** Whether it brings more than the one answer that was asked for. */
  readonly severalChoices: boolean;
}

/**
 * Reads an event of completions or chat (vLLM reference §2.2, §2.3; the shapes of other servers are in
 * `test/fixtures/streams`). Fields that nobody asked for are passed over.
 *
 * @returns null for what is no part of an answer
 */
export function readEvent(json: unknown): StreamEvent | null {
  if (typeof json !== "object" || json === null) return null;
  const { object, message } = json as Record<string, unknown>;
  const isKnown = KNOWN.some((name) => name in json) ||
    typeof object === "string" && /completion/.test(object) ||
    typeof message === "object" && message !== null;
  if (!isKnown) return null;
  const parsed = EventJson.safeParse(json);
  if (!parsed.success) return null;
  const event = parsed.data;
  const { usage, timings, details } = event;
  const first = event.choices?.[0];
  const reason = first?.finish_reason || details?.finish_reason || event.done_reason ||
    (event.done ? "stop" : null);
  const read = timings?.prompt_n ?? null;
  const promptTokens = usage?.prompt_tokens ?? details?.input_length ?? event.prompt_eval_count ??
    (read === null ? null : read + (timings?.cache_n ?? 0));
  const completionTokens = usage?.completion_tokens ?? details?.generated_tokens ??
    event.eval_count ?? timings?.predicted_n ?? null;
  const cachedTokens = usage?.prompt_tokens_details?.cached_tokens ?? timings?.cache_n ?? null;
  return {
    choice: choiceOf(event),
    finishReason: reason?.slice(0, LONGEST_REASON) ?? null,
    promptTokens: known(promptTokens),
    completionTokens: known(completionTokens),
    cachedTokens: known(cachedTokens),
    metrics: event.metrics ?? null,
    impossibleCount: [promptTokens, completionTokens, cachedTokens].some(Number.isNaN),
    severalChoices: (event.choices?.length ?? 0) > 1 || (first?.index ?? 0) !== 0,
  };
}

/** A count that can be one; null for any other claim. */
function known(count: number | null): number | null {
  return Number.isNaN(count) ? null : count;
}

function choiceOf({ choices, message, token }: EventJson): EventChoice | null {
  const choice = choices?.[0];
  const about = { tokenIds: null, stopReason: null, hasRole: false };
  if (choice !== undefined) {
    const { text, delta, message, token_ids, stop_reason } = choice;
    const isText = typeof text === "string" && !delta && !message;
    const told = delta ?? message;
    return {
      carried: isText ? carriedBy({ content: text }) : told ? carriedBy(told) : NOTHING,
      isText,
      isWhole: !isText && !delta && !!message,
      hasRole: typeof told?.role === "string",
      tokenIds: token_ids?.length ?? null,
      stopReason: stop_reason ?? null,
    };
  }
  if (token) {
    return { ...about, carried: carriedBy({ content: token.text }), isText: true, isWhole: false };
  }
  if (message) return { ...about, carried: carriedBy(message), isText: false, isWhole: true };
  return null;
}
