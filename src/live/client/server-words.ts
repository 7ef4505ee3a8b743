/** Words by which an error is recognised, in the order in which they are looked for. */
const FIELDS = ["error", "errors", "detail", "message"];

/**
 * What a server says of an error, in a body or inside a stream: vLLM's and OpenAI's object (vLLM
 * reference §2.5), a text, a list of problems, nested in whichever way.
 *
 * @returns null for what is no error
 */
export function errorMessage(json: unknown): string | null {
  if (typeof json !== "object" || json === null) return null;
  for (const name of FIELDS) {
    const value = (json as Record<string, unknown>)[name];
    if (value !== undefined && value !== null) return wordsOf(value);
  }
  return null;
}

/**
 * The error that an event of a stream holds, beside a status of 200.
 *
 * @returns null for an event that is none
 */
export function errorInEvent(json: unknown): string | null {
  if (typeof json !== "object" || json === null) return null;
  const { error, object, type, choices } = json as Record<string, unknown>;
  if (error) return errorMessage({ error });
  if (object === "error" || type === "error") return errorMessage(json) ?? JSON.stringify(json);
  const inner = Array.isArray(choices) ? choices[0]?.error : null;
  return inner ? errorMessage({ error: inner }) : null;
}

function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const { message, type } = value as Record<string, unknown>;
  if (typeof message !== "string") return JSON.stringify(value);
  return typeof type === "string" && type !== "" ? `${type}: ${message}` : message;
}
