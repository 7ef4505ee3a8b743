/** Tokens read and made, under vLLM's names. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly total_tokens: number;
  readonly completion_tokens: number;
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
