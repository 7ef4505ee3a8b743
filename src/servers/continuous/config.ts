import * as z from "zod";
import { ServerPolicyChoice } from "../policies/choice.ts";

/** The fields alone: types and ranges, not yet how they fit together. */
export const ServerFields = z.strictObject({
  /** Sequences in the running batch at most. Default: vLLM's on an L4. */
  max_num_seqs: z.int().min(1).default(256),
  /** Tokens computed in one step at most (the step's budget). Default: vLLM's on an L4. */
  max_num_batched_tokens: z.int().min(1).default(2048),
  /** Tokens of prompt and answer together at most. vLLM takes it from the model. */
  max_model_len: z.int().min(2),
  /** KV blocks, as the server's log and `vllm:cache_config_info` say it; one is the null block. */
  num_gpu_blocks: z.int().min(2).max(100_000_000),
  /** Tokens of KV in a block. */
  block_size: z.int().min(1).max(1_000_000).default(16),
  /**
   * Who is admitted next and who is preempted: `fcfs`, `priority` (lower numbers first; among equals
   * the earlier arrival), another name of `SERVER_POLICIES`, `{ name, options }`, or a
   * `ServerPolicyDefinition` of one's own.
   */
  scheduling_policy: ServerPolicyChoice.default("fcfs"),
  /** Whether a prompt may be computed over several steps. */
  enable_chunked_prefill: z.boolean().default(true),
  /** Tokens of one prompt in one step at most; 0: no such cap. */
  long_prefill_token_threshold: z.int().min(0).default(0),
  /** Whether the whole prompt must fit the free KV blocks before a request is admitted. */
  scheduler_reserve_full_isl: z.boolean().default(true),
  /** Share of all KV blocks that admissions leave free while anything runs. */
  watermark: z.number().min(0).lt(1).default(0),
  /**
   * Whether KV blocks of prompts and answers are kept for later requests that begin with the same
   * tokens. vLLM's default. What is the same, a workload says by `promptBlocks`; without them a request
   * shares with nobody, and only finds its own blocks after a preemption.
   */
  enable_prefix_caching: z.boolean().default(true),
  /** Whether step k + 1 is scheduled while step k runs. vLLM's default on a GPU. */
  async_scheduling: z.boolean().default(true),
});

/**
 * What decides who runs on a vLLM 0.30 server, under vLLM's own names and with its defaults on an
 * L4 (vLLM reference §4). A configuration with which vLLM would not start is refused, with the reason.
 *
 * @example
 * const config = servers.ServerConfig.parse({ max_model_len: 4096, num_gpu_blocks: 9000 });
 */
export const ServerConfig = ServerFields.superRefine((config, context) => {
  const refuse = (field: keyof typeof config, expected: string) =>
    context.addIssue({ code: "custom", path: [field], message: expected });
  if (config.max_num_batched_tokens < config.max_num_seqs) {
    refuse(
      "max_num_batched_tokens",
      `at least max_num_seqs (${config.max_num_seqs}): each running sequence takes a token a step`,
    );
  }
  if (!config.enable_chunked_prefill && config.max_num_batched_tokens < config.max_model_len) {
    refuse(
      "max_num_batched_tokens",
      `at least max_model_len (${config.max_model_len}): without chunked prefill a prompt must ` +
        "fit one step",
    );
  }
  if (config.long_prefill_token_threshold > config.max_model_len) {
    refuse(
      "long_prefill_token_threshold",
      `at most max_model_len (${config.max_model_len}): no prompt is longer`,
    );
  }
  const needed = Math.ceil(config.max_model_len / config.block_size) + 1;
  if (config.num_gpu_blocks < needed) {
    refuse(
      "num_gpu_blocks",
      `at least ${needed}: one sequence of max_model_len (${config.max_model_len}) and the null ` +
        "block must fit",
    );
  }
});
export type ServerConfig = z.output<typeof ServerConfig>;
export type ServerConfigInput = z.input<typeof ServerConfig>;
