import type { RowProblem } from "../parsing/row-verdict.ts";

/** An answer as it came. */
export interface RecordedAnswer {
  /** What each response adds to the text; empty where it adds none. */
  readonly texts: readonly string[];
  /** Whether it came in parts. */
  readonly streamed: boolean;
  /** Whether an event said that something went wrong. */
  readonly failed: boolean;
  /** No response has a text in a known form, and some are JSON of another: these stand for the text. */
  readonly isOther?: boolean;
  /** Its tokens where responses are ids of tokens, or of another form. */
  readonly tokens?: number;
  /** As the server counted them. */
  readonly usage?: { readonly prompt: number; readonly completion: number };
}

/**
 * The answer of the responses that a client recorded: events of a stream, of which one response may hold
 * several and several may hold one, whole answers, or what Triton's clients get. An event belongs to the
 * response in which it begins. The result is a problem, in the field of its response, where a response
 * is no JSON.
 */
export function answerOfResponses(responses: readonly unknown[]): RecordedAnswer | RowProblem {
  const texts: string[] = responses.map(() => "");
  const others = new Set<number>();
  const state: State = { streamed: responses.length > 1, failed: false };
  /** The beginning of an event whose end is in a later response. */
  let begun: { readonly text: string; readonly at: number } | undefined;
  for (let at = 0; at < responses.length; at++) {
    const { output_ids: ids, text_output: output, response = responses[at] } = Object(
      responses[at],
    );
    if (ids !== undefined) {
      const count = Array.isArray(ids) ? ids.length : typeof ids === "number" ? 1 : 0;
      state.tokens = (state.tokens ?? 0) + count;
      texts[at] = count > 0 ? "ids" : "";
    } else if (typeof output === "string") {
      texts[at] = output;
    } else if (typeof response !== "string") {
      return { field: String(at), value: response, expected: "the text of a response" };
    } else if (typeof responses[at] === "string") {
      texts[at] = response;
    } else {
      for (const part of response.split("\n\n")) {
        const event: { text: string; at: number } = begun === undefined
          ? { text: part, at }
          : { text: begun.text + part, at: begun.at };
        begun = undefined;
        const json = jsonOfEvent(event.text, state);
        if (json === "cut") begun = event;
        else if (json !== undefined) {
          texts[event.at] += textOf(json.value, state);
          if (!isKnown(json.value)) others.add(event.at);
        }
      }
    }
  }
  if (begun !== undefined) {
    const expected = "JSON, or an event of a stream with its end";
    return { field: String(begun.at), value: begun.text, expected };
  }
  if (others.size === 0 || state.failed || texts.some((text) => text !== "")) {
    return { texts, ...state };
  }
  return {
    ...state,
    texts: texts.map((_, at) => others.has(at) ? "other" : ""),
    isOther: true,
    tokens: others.size,
  };
}

/** Keys of what servers send, whether it holds a text or not. */
const KNOWN = ["choices", "usage", "error", "text_output", "generated_text"];

function isKnown(value: unknown): boolean {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first !== "object" || first === null ||
    KNOWN.some((key) => Object.hasOwn(first, key));
}

interface State {
  streamed: boolean;
  failed: boolean;
  tokens?: number;
  usage?: { prompt: number; completion: number };
}

/** The JSON of an event or a whole answer; undefined where it has none, "cut" where its end is missing. */
function jsonOfEvent(event: string, state: State): { readonly value: unknown } | "cut" | undefined {
  const text = event.trim();
  if (text === "") return undefined;
  const lines = text.split("\n");
  if (lines.some((line) => /^event:\s*error/.test(line))) state.failed = true;
  const data = lines.filter((line) => line.startsWith("data:"));
  if (data.length > 0) state.streamed = true;
  else if (/^(?::|event:|id:|retry:)/.test(text)) return undefined;
  const json = data.length > 0
    ? data.map((line) => line.slice("data:".length)).join("\n").trim()
    : text;
  if (json === "[DONE]" || json === "") return undefined;
  try {
    return { value: JSON.parse(json) };
  } catch {
    return "cut";
  }
}

/** What an event or an answer adds to the text: content, reasoning, calls of tools. */
function textOf(value: unknown, state: State): string {
  const { choices, error, usage, text_output, generated_text } = Object(
    Array.isArray(value) ? value[0] : value,
  );
  if (error !== undefined && error !== null) state.failed = true;
  const { prompt_tokens: prompt, completion_tokens: completion } = Object(usage);
  if (isCount(prompt) && isCount(completion)) state.usage = { prompt, completion };
  if (text_output !== undefined || generated_text !== undefined) {
    return textOfContent(text_output ?? generated_text);
  }
  const { delta, message, text } = Object(Array.isArray(choices) ? choices[0] : undefined);
  const { content, reasoning_content, reasoning, refusal, tool_calls } = Object(delta ?? message);
  const calls = Array.isArray(tool_calls) && tool_calls.length > 0
    ? JSON.stringify(tool_calls.map((call) => Object(call).function))
    : "";
  return [text, reasoning_content ?? reasoning, content, refusal].map(textOfContent).join("") +
    calls;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

/** The text of a content, which may be in parts. */
export function textOfContent(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => typeof part === "string" ? part : textOfContent(Object(part).text))
    .join(" ");
}
