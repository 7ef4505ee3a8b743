import { InputError } from "../../errors/input-error.ts";

/** Variables that are looked for in this order when none is named: vLLM's own, then OpenAI's. */
export const API_KEY_VARIABLES = ["VLLM_API_KEY", "OPENAI_API_KEY"] as const;

/** Environment to look a variable up in. */
export type Environment = (variable: string) => string | undefined;

/**
 * A server's key. It is read from the environment and leaves this object as an `Authorization` header
 * alone: printing it, JSON and `toString` name the variable it came from.
 */
export class ApiKey {
  readonly #key: string;
  readonly variable: string;

  constructor(key: string, variable: string) {
    this.#key = key;
    this.variable = variable;
  }

  authorization(): string {
    return `Bearer ${this.#key}`;
  }

  /** `text` without the key, should a server have repeated it. */
  redact(text: string): string {
    const shapes = new Set([
      this.#key,
      JSON.stringify(this.#key).slice(1, -1),
      encodeURIComponent(this.#key),
    ]);
    let clean = text;
    for (const shape of shapes) clean = clean.replaceAll(shape, `[${this.variable}]`);
    return clean;
  }

  toString(): string {
    return `[key from ${this.variable}]`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/**
 * The key that the environment holds; null where it holds none. A variable named by the caller must
 * be set. Throws an InputError, which names the variable and not its value, for one that can't be
 * sent in a header.
 */
export function readApiKey(
  variable?: string,
  environment: Environment = (name) => Deno.env.get(name),
): ApiKey | null {
  const names = variable === undefined ? API_KEY_VARIABLES : [variable];
  for (const name of names) {
    const key = environment(name)?.trim() ?? "";
    if (key === "") continue;
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw new InputError({
        file: "environment",
        field: name,
        expected: "a key of printable ASCII characters without spaces",
      });
    }
    return new ApiKey(key, name);
  }
  if (variable !== undefined) {
    throw new InputError({
      file: "environment",
      field: variable,
      expected: "a key; the variable that should hold the server's key is not set",
    });
  }
  return null;
}
