import { z } from "zod";
import { InputError, type InputProblem } from "../../errors/input-error.ts";
import type { Page } from "../client/fetch-page.ts";
import { ServerError } from "../client/fetch-page.ts";
import type { VllmClient } from "../client/vllm-client.ts";

/** Answer of `/v1/models`; other servers than vLLM leave the context out. */
const Models = z.object({
  object: z.literal("list"),
  data: z.array(z.object({
    id: z.string(),
    max_model_len: z.int().positive().nullish(),
  })).min(1),
});

/** What a server has said of itself before the first request. */
export interface ServerFacts {
  readonly url: string;
  readonly model: string;
  /** Longest prompt plus answer in tokens; null if it does not say. */
  readonly contextTokens: number | null;
  /** vLLM's version; null if it does not say. */
  readonly version: string | null;
}

function refuse(url: string, value: unknown, expected: string): never {
  throw new InputError({ file: `server ${url}`, value, expected });
}

async function pageOf(client: VllmClient, path: string): Promise<Page> {
  try {
    return await client.get(path);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return refuse(client.server, error.reason, `a vLLM server that answers (${error.message})`);
  }
}

function modelsOf({ status, text, contentType }: Page, url: string): z.output<typeof Models> {
  if (status === 401 || status === 403) {
    const expected = "the server's key, in the environment variable VLLM_API_KEY";
    return refuse(url, `status ${status}`, expected);
  }
  const api = "the answer of a vLLM server to /v1/models";
  if (status !== 200) return refuse(url, `status ${status}`, api);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse(url, contentType || "no JSON", api);
  }
  const models = Models.safeParse(json);
  return models.success ? models.data : refuse(url, text, api);
}

/**
 * Asks a server what it serves. Throws an InputError where nobody answers, where it is no vLLM
 * (a web page, another API), wants a key, or does not have the model.
 *
 * @param model name of a model; absent: the only one that the server has
 */
export async function askServer(client: VllmClient, model?: string): Promise<ServerFacts> {
  const url = client.server;
  const { data } = modelsOf(await pageOf(client, "/v1/models"), url);
  const names = data.map(({ id }) => id);
  const found = model === undefined && data.length === 1
    ? data[0]
    : data.find(({ id }) => id === model);
  if (found === undefined) {
    throw new InputError({
      file: `server ${url}`,
      field: "model",
      value: model ?? "none named",
      expected: `one of ${names.join(", ")}`,
    });
  }
  let version: string | null = null;
  try {
    const parsed = z.object({ version: z.string() }).safeParse(
      JSON.parse((await client.get("/version")).text),
    );
    if (parsed.success) version = parsed.data.version;
  } catch {
    // Servers that only speak vLLM's API need not have it.
  }
  return { url, model: found.id, contextTokens: found.max_model_len ?? null, version };
}

const MOST_PROBLEMS = 20;

/**
 * Refuses requests that a server could not take because prompt and answer are longer than its
 * context: vLLM answers them with 400.
 *
 * @param lengths shape (n) each, tokens
 */
export function assertFits(
  servers: readonly ServerFacts[],
  lengths: { readonly promptTokens: Int32Array; readonly maxTokens: Int32Array },
): void {
  const { promptTokens, maxTokens } = lengths;
  for (const { url, contextTokens } of servers) {
    if (contextTokens === null) continue;
    const problems: InputProblem[] = [];
    for (let row = 0; row < promptTokens.length && problems.length < MOST_PROBLEMS; row++) {
      if (promptTokens[row] + maxTokens[row] <= contextTokens) continue;
      problems.push({
        file: "workload",
        row: row + 1,
        field: "promptTokens + maxTokens",
        value: `${promptTokens[row]} + ${maxTokens[row]}`,
        expected: `at most ${contextTokens}, the context of ${url}`,
      });
    }
    if (problems.length > 0) throw new InputError(problems);
  }
}
