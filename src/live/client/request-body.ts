import { InputError } from "../../errors/input-error.ts";
import type { CompletionRequest } from "./completion-request.ts";

/**
 * Fields of the body that the client owns: it could not read the answer, or not count its tokens,
 * were they anything else.
 */
const OWNED = [
  ...["model", "prompt", "messages", "stream", "stream_options", "n", "best_of", "echo"],
  ...["max_tokens", "max_completion_tokens", "min_tokens", "ignore_eos", "priority"],
  ...["seed", "temperature", "request_id"],
];

/** Path of the endpoint under the server's base URL. */
export function endpointPath(request: CompletionRequest): string {
  return request.endpoint === "chat" ? "/v1/chat/completions" : "/v1/completions";
}

/**
 * The JSON body of a request. Throws an InputError for one that no server could take.
 *
 * @param anyServer leave out what OpenAI's API does not have and what may be left out, and name the cap
 * of a chat as older servers know it (Ollama and TGI pass over the name of today, and do not cap)
 */
export function requestBody(
  request: CompletionRequest,
  { anyServer = false }: { readonly anyServer?: boolean } = {},
): string {
  const refuse = (field: string, value: unknown, expected: string): never => {
    throw new InputError({ file: `request ${request.id}`, field, value, expected });
  };
  const whole = (field: string, value: number | undefined, least: number) => {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
      refuse(field, value, `an integer >= ${least}`);
    }
  };
  if (!/^[\x21-\x7e]{1,256}$/.test(request.id)) {
    refuse("id", request.id, "1 to 256 printable ASCII characters: it goes into a header");
  }
  whole("max_tokens", request.maxTokens, 1);
  whole("min_tokens", request.minTokens, 0);
  whole("priority", request.priority, -(2 ** 53));
  whole("seed", request.seed, -(2 ** 53));
  if ((request.minTokens ?? 0) > request.maxTokens) {
    refuse("min_tokens", request.minTokens, `at most max_tokens, ${request.maxTokens}`);
  }
  const { temperature } = request;
  if (temperature !== undefined && !(temperature >= 0 && temperature <= 2)) {
    refuse("temperature", temperature, "a number from 0 to 2");
  }
  for (const field of Object.keys(request.extraBody ?? {})) {
    if (OWNED.includes(field)) {
      refuse(
        `extraBody.${field}`,
        request.extraBody![field],
        "a field that the client does not set",
      );
    }
  }
  if (request.endpoint === "completions" && request.prompt.length === 0) {
    refuse("prompt", request.prompt, "at least one token or character");
  }
  return JSON.stringify({
    ...request.extraBody,
    model: request.model,
    ...promptFields(request, anyServer),
    min_tokens: request.minTokens,
    ignore_eos: request.ignoreEos,
    priority: anyServer && request.priority === 0 ? undefined : request.priority,
    seed: request.seed,
    temperature,
    stream: true,
    stream_options: {
      include_usage: true,
      ...anyServer ? {} : { continuous_usage_stats: true },
    },
  });
}

function promptFields(request: CompletionRequest, anyServer: boolean): Record<string, unknown> {
  if (request.endpoint === "chat") {
    const cap = anyServer ? "max_tokens" : "max_completion_tokens";
    return { messages: request.messages, [cap]: request.maxTokens };
  }
  const { prompt } = request;
  return {
    prompt: typeof prompt === "string" ? prompt : Array.from(prompt),
    max_tokens: request.maxTokens,
  };
}
