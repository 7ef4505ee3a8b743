import type { ServerConfig } from "../../servers/continuous/config.ts";
import { pythonFloat } from "../python-float.ts";

/**
 * Labels of `vllm:cache_config_info`, those of vLLM 0.30.
 * @param overridden `--num-gpu-blocks-override`, if given
 */
export function cacheConfigLabels(
  config: ServerConfig,
  overridden: number | null,
): Record<string, string> {
  const { block_size, num_gpu_blocks, max_model_len, enable_prefix_caching } = config;
  const concurrency = num_gpu_blocks / Math.ceil(max_model_len / block_size);
  return {
    _block_size_resolved: "True",
    block_size: String(block_size),
    cache_dtype: "auto",
    enable_mamba_fine_grained_prefix_cache: "False",
    enable_prefix_caching: enable_prefix_caching ? "True" : "False",
    engine: "0",
    gpu_memory_utilization: "0.92",
    is_attention_free: "False",
    kv_cache_dtype_skip_layers: "[]",
    kv_cache_layout: "None",
    kv_cache_max_concurrency: pythonFloat(concurrency),
    kv_cache_memory_bytes: "None",
    kv_cache_size_tokens: String(Math.floor(concurrency * max_model_len)),
    kv_offloading_backend: "native",
    kv_offloading_size: "None",
    kv_sharing_fast_prefill: "False",
    mamba_block_size: "None",
    mamba_cache_dtype: "auto",
    mamba_cache_mode: "none",
    mamba_page_size_padded: "None",
    mamba_ssm_cache_dtype: "float32",
    num_cpu_blocks: "None",
    num_gpu_blocks: String(num_gpu_blocks),
    num_gpu_blocks_override: overridden === null ? "None" : String(overridden),
    prefix_cache_retention_interval: "0",
    prefix_caching_hash_algo: "sha256",
    prefix_match_unit: "None",
    replayssm_buffer_len: "16",
    skip_page_size_padded: "None",
    sliding_window: "None",
    use_kda_recoverssm: "False",
    use_replayssm: "False",
    user_specified_block_size: "False",
    user_specified_mamba_block_size: "False",
  };
}
