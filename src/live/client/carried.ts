/** What a delta or a message brings. */
export interface Carried {
  /** Whether it brings anything that the model made. */
  readonly anything: boolean;
  /** Its part of the answer's text: content and refusal, not reasoning and tool calls. */
  readonly text: string;
}

/** Of a delta without any content. */
export const NOTHING: Carried = { anything: false, text: "" };

/** Fields of a delta that hold text, or lists of parts with text. */
const TEXTS = ["content", "refusal"];
/** Fields that hold something else that the model made, by the names of several servers. */
const OTHERS = [
  // vLLM, OpenRouter, Ollama; SGLang, llama.cpp, LiteLLM, DeepSeek.
  ...["reasoning", "reasoning_content", "reasoning_details", "thinking", "thinking_blocks"],
  ...["tool_calls", "function_call", "audio", "images"],
];
/** Fields within those that name or describe, and bring nothing. */
const LABELS = [
  "index",
  "id",
  "type",
  "format",
  "expires_at",
  "signature",
  "role",
  "cache_control",
];

/**
 * Whether a delta brings anything, and its text. A role, an empty text, null, the id of a tool call and
 * an empty list bring nothing.
 */
export function carriedBy(delta: Readonly<Record<string, unknown>>): Carried {
  const text = TEXTS.map((name) => textOf(delta[name])).join("");
  const anything = text !== "" || [...TEXTS, ...OTHERS].some((name) => holdsAnything(delta[name]));
  return anything ? { anything, text } : NOTHING;
}

/** The text of a content: as it is, or of its parts. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map(textOf).join("");
  if (typeof content !== "object" || content === null) return "";
  const { text, refusal } = content as { text?: unknown; refusal?: unknown };
  return textOf(text) + textOf(refusal);
}

function holdsAnything(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  if (Array.isArray(value)) return value.some(holdsAnything);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, inner]) =>
    !LABELS.includes(name) && holdsAnything(inner)
  );
}
