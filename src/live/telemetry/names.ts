/**
 * What is read of a vLLM server's `/metrics`, each with its names: today's first, then older ones
 * (vLLM reference §3). Counters also come without the suffix `_total`.
 */
export const GAUGES = {
  /** Requests in the server's running list. */
  running: ["vllm:num_requests_running"],
  /** Requests in the server's queue, preempted ones included. */
  waiting: ["vllm:num_requests_waiting"],
  /** Share of the KV blocks that live requests hold, 0 to 1. */
  kvUsage: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"],
} as const;
export type GaugeName = keyof typeof GAUGES;

export const COUNTERS = {
  preemptions: ["vllm:num_preemptions_total"],
  promptTokens: ["vllm:prompt_tokens_total"],
  generationTokens: ["vllm:generation_tokens_total"],
  /** Requests that ended well, whatever their finish reason. */
  finished: ["vllm:request_success_total"],
  /** Tokens looked up and found in the prefix cache. */
  prefixQueries: ["vllm:prefix_cache_queries_total", "vllm:gpu_prefix_cache_queries_total"],
  prefixHits: ["vllm:prefix_cache_hits_total", "vllm:gpu_prefix_cache_hits_total"],
} as const;
export type CounterName = keyof typeof COUNTERS;

/** In seconds all of them. */
export const HISTOGRAMS = {
  ttft: ["vllm:time_to_first_token_seconds"],
  itl: ["vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds"],
  tpot: ["vllm:request_time_per_output_token_seconds"],
  e2e: ["vllm:e2e_request_latency_seconds"],
  queue: ["vllm:request_queue_time_seconds"],
  prefill: ["vllm:request_prefill_time_seconds"],
  decode: ["vllm:request_decode_time_seconds"],
} as const;
export type HistogramName = keyof typeof HISTOGRAMS;

/** When the server's process began, seconds since 1970: another value is another process. */
export const PROCESS_START = "process_start_time_seconds";

/** Facts of the KV cache, as labels. */
export const CACHE_CONFIG = "vllm:cache_config_info";

/** All names under which one quantity may stand on a page, in order of preference. */
export function namesOf(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => name.endsWith("_total") ? [name, name.slice(0, -6)] : [name]);
}

const WANTED = new Set([
  ...[GAUGES, COUNTERS, HISTOGRAMS].flatMap((table) => Object.values(table).flatMap(namesOf)),
  PROCESS_START,
  CACHE_CONFIG,
]);

/** Whether a family is read at all: most of a page is not. */
export function isWanted(name: string): boolean {
  return WANTED.has(name);
}
