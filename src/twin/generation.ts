import { setImmediate } from "node:timers";
import type { ServerConfig } from "../servers/continuous/config.ts";
import type { Answer, AnswerTruth, Question } from "./answers/answer-model.ts";
import { AnswerText } from "./answers/answer-text.ts";
import { stopAt } from "./answers/stop-at.ts";
import { badValue } from "./api/api-error.ts";
import { assertBounded, isTooLong } from "./api/work-limits.ts";
import type { ChatMessage, GenerationRequest, Prompt } from "./api/request-schema.ts";
import { Flight } from "./flight.ts";
import type { Tokenizer } from "./tokenizer/tokenizer.ts";
import type { TemplateMessage } from "./tokenizer/worker.ts";

/** What turns a request into flights. */
export interface GenerationParts {
  readonly config: ServerConfig;
  readonly vocabulary: number;
  readonly tokenizer: Tokenizer;
  readonly answer: (question: Question) => Answer;
  /** What the answer to a request really has, by the client's id of it, where somebody knows. */
  readonly truth: (id: string) => AnswerTruth | undefined;
}

/** Content of a message as the template takes it: text, its parts joined. */
export function templateMessages(messages: readonly ChatMessage[]): TemplateMessage[] {
  return messages.map(({ role, content }) => ({
    role,
    content: typeof content === "string"
      ? content
      : (content ?? []).map(({ text }) => text).join("\n"),
  }));
}

async function promptIds(
  prompt: Prompt,
  { vocabulary, tokenizer, config }: GenerationParts,
  request: GenerationRequest,
): Promise<readonly number[]> {
  if (typeof prompt === "string") {
    const { addSpecialTokens: special, truncatePromptTokens, maxTokens } = request;
    if (truncatePromptTokens !== null) return await tokenizer.encode(prompt, special);
    const { max_model_len: longest } = config;
    const ids = await tokenizer.encodeAtMost(prompt, special, longest);
    if (ids === null) capOf(longest + 1, true, { maxTokens, longest });
    return ids!;
  }
  const outside = prompt.find((id) => id >= vocabulary);
  if (outside !== undefined) {
    throw badValue(`Token id ${outside} is out of vocabulary`);
  }
  return prompt;
}

/** Cuts the prompt as `truncate_prompt_tokens` says. */
function truncated(ids: readonly number[], request: GenerationRequest, longest: number) {
  const { truncatePromptTokens: wanted, truncationSide } = request;
  if (wanted === null) return ids;
  const most = longest - (request.maxTokens ?? 0);
  if (wanted > most) {
    const limit = request.maxTokens === null ? "max_model_len" : "max_model_len - max_tokens";
    throw badValue(
      `truncate_prompt_tokens=${wanted} cannot be greater than ${limit} = ${most}. ` +
        "Please request a smaller truncation size.",
      ["truncate_prompt_tokens", wanted],
    );
  }
  const keep = wanted === -1 ? most : wanted;
  if (ids.length <= keep) return ids;
  return truncationSide === "left" ? ids.slice(ids.length - keep) : ids.slice(0, keep);
}

/**
 * The cap of an answer; refuses what does not fit the context, which is never clamped.
 * @param wasText vLLM stops reading a text where it is too long, and does not know its whole length
 */
function capOf(prompt: number, wasText: boolean, { maxTokens, longest }: Caps): number {
  if (maxTokens !== null && maxTokens > longest) {
    throw badValue(
      `max_tokens=${maxTokens} cannot be greater than max_model_len=max_total_tokens=${longest}. ` +
        "Please request fewer output tokens.",
      ["max_tokens", maxTokens],
    );
  }
  const output = maxTokens ?? 1;
  if (prompt + output > longest) {
    const seen = wasText ? Math.min(prompt, longest - output + 1) : prompt;
    const about = wasText ? "at least " : "";
    throw badValue(
      `This model's maximum context length is ${longest} tokens. However, you requested ` +
        `${output} output tokens and your prompt contains ${about}${seen} input tokens, for a ` +
        `total of ${about}${seen + output} tokens. Please reduce the length of the input ` +
        "prompt or the number of requested output tokens.",
      ["input_tokens", seen],
    );
  }
  return maxTokens ?? longest - prompt;
}

/** What bounds an answer, tokens. */
interface Caps {
  /** As the request says; null: it does not. */
  readonly maxTokens: number | null;
  /** Prompt and answer together. */
  readonly longest: number;
}

/** 32-bit FNV-1a, to tell prompts apart. */
function hashOf(ids: readonly number[]): string {
  let hash = 0x811c9dc5;
  for (const id of ids) hash = Math.imul(hash ^ id, 0x01000193);
  return (hash >>> 0).toString(16);
}

/** Flights that are made in one turn of the event loop. */
const FLIGHTS_AT_ONCE = 128;
/** Characters, or ids, of a prompt that is to be truncated, at most. */
const MOST_TRUNCATED = 2 ** 20;

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/**
 * The flights of a request: one for each prompt and answer, in the order of the choices. Throws an
 * ApiError where vLLM would refuse it.
 *
 * The same request gets the same answers: drawn by the client's id of it where it gave one (so that
 * an order or a retry changes nothing), else by its prompt; with its own `seed` if it has one.
 *
 * @param id the client's id; null: it gave none
 */
export async function flightsOf(
  request: GenerationRequest,
  id: string | null,
  parts: GenerationParts,
): Promise<Flight[]> {
  const { max_model_len: longest } = parts.config;
  const { maxTokens, minTokens, ignoreEos, n, seed, messages } = request;
  const { tokenizer } = parts;
  assertBounded(request, longest);
  const prompts = messages === null
    ? request.prompts
    : [await tokenizer.template(templateMessages(messages), true)];
  const truth = id === null ? undefined : parts.truth(id);
  const flights: Flight[] = [];
  if (request.truncatePromptTokens === null) {
    for (const prompt of prompts) {
      // Its length alone says that it does not fit: nobody waits for its tokens.
      if (!isTooLong(prompt, longest)) continue;
      const isText = typeof prompt === "string";
      capOf(isText ? longest + 1 : prompt.length, isText, { maxTokens, longest });
    }
  } else if (prompts.some((prompt) => prompt.length > MOST_TRUNCATED)) {
    throw badValue(`the twin truncates prompts of at most ${MOST_TRUNCATED} characters or ids.`, [
      "truncate_prompt_tokens",
    ]);
  }
  for (const [promptIndex, prompt] of prompts.entries()) {
    const ids = truncated(await promptIds(prompt, parts, request), request, longest);
    // A prompt that is cut to nothing would wait for ever.
    if (ids.length === 0) throw badValue("The decoder prompt cannot be empty", ["prompt"]);
    const cap = capOf(ids.length, typeof prompt === "string", { maxTokens, longest });
    const echo = !request.echo
      ? ""
      : typeof prompt === "string"
      ? prompt
      : await tokenizer.decode(prompt);
    for (let sample = 0; sample < n; sample++) {
      // A request with many answers lets the streams of others go on in between.
      if (flights.length % FLIGHTS_AT_ONCE === FLIGHTS_AT_ONCE - 1) await turn();
      const place = `${promptIndex}/${sample}`;
      const name = id === null ? `prompt ${ids.length} ${hashOf(ids)}` : `id ${id}`;
      const answer = parts.answer({
        key: `${name}/${place}${seed === null ? "" : `/seed ${seed}`}`,
        cap,
        capped: maxTokens !== null,
        ignoreEos,
        minTokens,
        truth,
      });
      const { stop, stopTokenIds, includeStopString } = request;
      const found = stopAt(answer.pieces, {
        strings: stop,
        tokenIds: stopTokenIds,
        minTokens,
        includeStopString,
      });
      const stopped = request.echoAlone ? { ...found, characters: 0 } : found;
      const heldBack = includeStopString || stop.length === 0
        ? 0
        : Math.max(...stop.map(({ length }) => length)) - 1;
      flights.push(
        new Flight({
          index: promptIndex * n + sample,
          promptIndex,
          promptIds: request.returnTokenIds || (request.echo && request.stream) ? ids : null,
          promptTokens: ids.length,
          maxTokens: cap,
          text: new AnswerText(answer, stopped, heldBack),
          echo,
          finishReason: stopped.reason !== null || answer.endsItself ? "stop" : "length",
          stopReason: stopped.reason,
        }, { ids, salt: request.cacheSalt }),
      );
    }
  }
  return flights;
}
