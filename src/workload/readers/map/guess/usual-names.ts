import type { MapTarget } from "../targets.ts";

/**
 * What people call the columns of their logs, best first, as `columnWords` has them: without units. Names
 * of OpenAI's and Anthropic's usage, OpenTelemetry, LiteLLM, Envoy, vLLM, SGLang, and public traces.
 */
export const USUAL_NAMES: Readonly<Partial<Record<MapTarget, readonly string[]>>> = {
  arrival: [
    ...["arrival", "arrival_time", "arrived_at", "arrived", "arrival_timestamp", "received_at"],
    ...["received", "request_timestamp", "request_start", "request_start_time", "start_time"],
    ...["started_at", "start", "start_timestamp", "begin_time", "begin", "submitted_at"],
    ...["submit_time", "submission_time", "created_at", "created", "creation_time", "timestamp"],
    ...[
      "launch_time",
      "ts",
      "time",
      "datetime",
      "date_time",
      "date",
      "event_time",
      "time_stamp",
      "t",
    ],
  ],
  sent: ["sent", "sent_at", "send_time", "sent_time", "dispatched_at", "dispatch_time"],
  first: [
    ...["first_token_at", "first_token_timestamp", "first_token_time", "first_token"],
    ...["completion_start_time", "first_chunk_time", "first_chunk_at", "first_byte_at"],
  ],
  finish: [
    ...["finish", "finished_at", "finish_time", "finished", "end_time", "ended_at", "end"],
    ...["end_timestamp", "completed_at", "completion_time", "done_at", "last_token_time"],
    ...["last_token_at", "last_chunk_time"],
  ],
  ttft: [
    ...["ttft", "time_to_first_token", "first_token_latency", "time_to_first_chunk"],
    ...["first_token_time", "first_chunk_latency", "ttfb", "time_to_first_byte"],
  ],
  e2e: [
    ...["e2e", "e2e_latency", "latency", "total_latency", "request_latency", "end_to_end_latency"],
    ...["duration", "request_duration", "total_duration", "response_time", "elapsed"],
    ...["elapsed_time", "total_time", "processing_time", "took", "request_time", "lat"],
  ],
  tpot: ["tpot", "time_per_output_token"],
  queue: ["queue_time", "time_in_queue", "queue", "queue_duration", "waiting_time", "wait_time"],
  prompt: [
    ...["prompt_tokens", "input_tokens", "prompt_token_count", "input_token_count", "tokens_input"],
    ...["num_prompt_tokens", "num_input_tokens", "n_prompt_tokens", "n_input_tokens", "prompt_tok"],
    ...["input_tok", "tokens_in", "tokens_prompt", "in_tokens", "request_tokens", "context_tokens"],
    ...["prefill_tokens", "num_prefill_tokens", "prompt_len", "prompt_length", "input_len"],
    ...["input_length", "input_token", "prompt_token", "isl", "prompt_size", "input_size"],
    ...["n_prompt", "num_prompt", "prompt", "input", "in"],
  ],
  output: [
    ...["completion_tokens", "output_tokens", "completion_token_count", "output_token_count"],
    ...["tokens_output", "num_output_tokens", "num_completion_tokens", "n_output_tokens"],
    ...["completion_tok", "output_tok", "tokens_out", "tokens_completion", "out_tokens"],
    ...["response_tokens", "generated_tokens", "num_generated_tokens", "generation_tokens"],
    ...["candidates_token_count", "decode_tokens", "num_decode_tokens", "output_len"],
    ...["output_length", "completion_len", "completion_length", "response_len", "response_length"],
    ...["generation_len", "gen_len", "output_token", "completion_token", "osl", "output_size"],
    ...["n_output", "n_generated", "completion", "output", "answer_tokens"],
    ...["answer_len", "answer_length", "reply_tokens", "answer", "out"],
  ],
  total: ["total_tokens", "total_token_count", "tokens_total", "num_total_tokens", "total_token"],
  max: [
    ...["max_tokens", "max_completion_tokens", "max_new_tokens", "max_output_tokens"],
    ...["max_len", "max_length"],
  ],
  cached: [
    ...["cached_tokens", "cache_read_input_tokens", "cache_read_tokens", "cached_prompt_tokens"],
    ...["cached_input_tokens", "num_cached_tokens", "prompt_cached_tokens", "cached_token"],
  ],
  tenant: [
    ...["tenant", "tenant_id", "tenant_name", "team_id", "team", "customer", "customer_id"],
    ...["organization", "organization_id", "org", "org_id", "account", "account_id", "client"],
    ...["client_id", "user", "user_id", "username", "user_name", "end_user", "project"],
    ...["project_id", "app", "app_id", "application", "api_key", "api_key_hash", "api_key_id"],
  ],
  tier: ["tier", "priority", "slo_class", "service_tier", "priority_class", "qos", "plan"],
  category: [
    ...["category", "task", "task_type", "job_type", "request_type", "workload", "use_case"],
    ...["type", "kind", "operation", "call_type", "endpoint"],
  ],
  session: [
    ...["session", "session_id", "conversation_id", "conversation", "chat_id", "thread_id"],
    ...["dialog_id", "dialogue_id"],
  ],
  model: ["model", "model_name", "model_id", "request_model", "response_model", "model_group"],
  status: [
    ...["status", "status_code", "response_code", "http_status", "http_code", "http_status_code"],
    ...["outcome", "success", "ok", "succeeded", "finish_reason", "state", "result", "code"],
  ],
};
