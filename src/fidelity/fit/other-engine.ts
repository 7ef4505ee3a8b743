/** Engines other than vLLM, and what only they print. An engine that runs another stands before it. */
const ENGINES: readonly (readonly [name: string, marks: RegExp])[] = [
  [
    "SGLang",
    /(?:Decode|Prefill) batch[.,].*#(?:running-req|new-seq)|\bsglang\b|server_args=ServerArgs\(/,
  ],
  [
    "Text Generation Inference (TGI)",
    /text_generation_(?:router|launcher|server)|text-generation-(?:router|launcher)/,
  ],
  [
    "TensorRT-LLM",
    /\[TRT-LLM\]|\[TensorRT-LLM\]|tensorrt_llm|currank_total_requests|"Active Request Count"/,
  ],
  [
    "Ollama",
    /\[GIN\] .*"\/(?:api\/(?:generate|chat|embed|tags|ps|version)|v1\/)|llama runner started|\bollama\b/,
  ],
  [
    "llama.cpp",
    /\bslot +(?:print_timing|launch_slot_|update_slots|release|get_availabl)|llama_print_timings|\beval time = +[\d.]+ ms \/|llama_perf_context_print|llama_model_loader|\bsrv +\w+:|^main: server is listening/,
  ],
  ["LMDeploy", /\blmdeploy\b/],
  ["MLC LLM", /\bmlc_llm\b/],
];

/**
 * The engine that a line of log is of, where it is known and not vLLM; null otherwise.
 *
 * @param seen what the lines before were of: an engine that runs another, as Ollama runs llama.cpp,
 * has the other's lines among its own
 */
export function otherEngine(line: string, seen: string | null = null): string | null {
  for (const [name, marks] of ENGINES) {
    if (name === seen) break;
    if (marks.test(line)) return name;
  }
  return seen;
}
