import { InputError } from "../errors/input-error.ts";
import type { Requests } from "../workload/workload.ts";
import type { CompletionClient } from "./client/exchange.ts";
import { drawnTokenIds } from "./drawn-token-ids.ts";
import { madeText } from "./made-words.ts";
import { promptKind, type PromptOptions } from "./prompts.ts";

/** The id of a warm-up's request. */
function warmUpId(run: string, number: number): string {
  return `${run}-warm-up-${number}`;
}

/** Whether a request is one of a warm-up's, by the id that its server sees. */
export function isWarmUp(id: string): boolean {
  return /-warm-up-\d+$/.test(id);
}

/** What a warm-up needs. */
export interface WarmUp {
  readonly clients: readonly CompletionClient[];
  readonly models: readonly string[];
  /** Tokens that each server adds to a made text. */
  readonly templates: readonly number[];
  readonly count: number;
  /** Tokens of an answer at most. @default the caps of the requests whose prompts are taken */
  readonly mostTokens?: number;
  /** Open at once at each server at most. */
  readonly window: number;
  readonly prompt: PromptOptions;
  readonly seed: number;
  /** Name of the run, for the ids of its requests. */
  readonly run: string;
  readonly signal: AbortSignal;
}

const MOST_AT_ONCE = 64;

/**
 * What a twin is warmed up with unless something else is said. A twin is cold where its tokenizer is
 * not loaded and its code, and ours, not compiled; there are no kernels to tune, so short answers do.
 */
export const TWIN_WARM_UP = { count: 8, mostTokens: 16 } as const;

/**
 * Sends `count` requests to each server whose lengths are spread over the workload's, with prompts of
 * their own and of the kind that the run sends (text wakes the tokenizer), so that kernels are compiled and caches filled before the first one that counts (vLLM
 * reference §8.10). Throws an InputError where a server manages none of them.
 */
export async function warmUp(requests: Requests, options: WarmUp): Promise<void> {
  const { clients, models, templates, count, window, prompt, seed, run, signal } = options;
  const { mostTokens = Infinity } = options;
  const asIds = promptKind(requests, prompt) === "token-ids";
  await Promise.all(clients.map(async (client, server) => {
    let next = 0, good = 0;
    let problem = "";
    const worker = async () => {
      while (next < count && !signal.aborted) {
        const number = next++;
        const row = Math.floor(number * requests.size / count);
        const draw = { ...prompt.tokenIds, seed };
        const ids = drawnTokenIds(requests.promptTokens[row], draw, `warm-up ${number}`);
        const text = madeText(ids.subarray(0, Math.max(1, ids.length - templates[server])));
        const identity = {
          id: warmUpId(run, number),
          model: models[server],
          maxTokens: Math.min(mostTokens, requests.maxTokens[row]),
        };
        const { outcome } = await client.complete(
          prompt.endpoint === "chat"
            ? {
              ...identity,
              endpoint: "chat",
              messages: [{ role: "user", content: text }],
            }
            : { ...identity, endpoint: "completions", prompt: asIds ? ids : text },
          { signal },
        );
        if (outcome.kind === "completed") good++;
        else problem = `${outcome.reason}: ${outcome.message}`;
      }
    };
    await Promise.all(Array.from({ length: Math.min(window, MOST_AT_ONCE, count) }, worker));
    if (good === 0 && !signal.aborted) {
      throw new InputError({
        file: `server ${client.server}`,
        value: problem,
        expected: "an answer to one of the warm-up's requests",
      });
    }
  }));
}
