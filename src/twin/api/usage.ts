/** Tokens read and made, under vLLM's names. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly total_tokens: number;
  readonly completion_tokens: number;
}

/** What of the prompts needed no computing (vLLM reference §1.2). */
export interface PromptTokensDetails {
  readonly cached_tokens: number;
  /** Computed, and kept for others. */
  readonly created_cache_tokens: number;
}

/** What a request had of the cache when it was first scheduled. */
export interface CacheUse {
  /** NaN: it was never scheduled. */
  readonly scheduled: number;
  readonly cached: number;
  readonly created: number;
}

/** null: nothing is known of it yet. */
export function promptTokensDetails(
  { scheduled, cached, created }: CacheUse,
): PromptTokensDetails | null {
  if (Number.isNaN(scheduled)) return null;
  return { cached_tokens: cached, created_cache_tokens: created };
}

export function usageOf(prompt: number, completion: number): Usage {
  return {
    prompt_tokens: prompt,
    total_tokens: prompt + completion,
    completion_tokens: completion,
  };
}

/** Times of one request on the engine's clock, milliseconds (vLLM reference §1.2). */
export interface PerRequestMetrics {
  /** First scheduled to first token: the wait in the queue is not in it. */
  readonly time_to_first_token_ms: number | null;
  /** First to last token. */
  readonly generation_time_ms: number | null;
  /** Queued to first scheduled. */
  readonly queue_time_ms: number | null;
  readonly mean_itl_ms: number | null;
  /** Tokens over (last token − first scheduled). */
  readonly tokens_per_second: number | null;
}

/** Instants of one request, seconds on the twin's clock. */
export interface RequestInstants {
  readonly queued: number;
  readonly scheduled: number;
  readonly firstToken: number;
  readonly lastToken: number;
  readonly tokens: number;
}

export function perRequestMetrics(at: RequestInstants): PerRequestMetrics {
  const { queued, scheduled, firstToken, lastToken, tokens } = at;
  const ms = (seconds: number) => Number.isFinite(seconds) ? 1000 * seconds : null;
  const generation = lastToken - firstToken;
  const inference = lastToken - scheduled;
  return {
    time_to_first_token_ms: ms(firstToken - scheduled),
    generation_time_ms: ms(generation),
    queue_time_ms: ms(scheduled - queued),
    mean_itl_ms: tokens > 1 ? ms(generation / (tokens - 1)) : null,
    tokens_per_second: inference > 0 ? tokens / inference : null,
  };
}
