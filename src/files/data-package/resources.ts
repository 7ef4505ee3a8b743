import { MEASURED_SERVERS } from "./measured-servers.ts";
import { MODELS_AND_GPUS } from "./models-and-gpus.ts";
import type { Licence, ResourceFacts, Source } from "./resource-facts.ts";

const APACHE: Licence = {
  name: "Apache-2.0",
  title: "Apache License 2.0",
  path: "licenses/Apache-2.0.txt",
};
const MIT_MICROSOFT: Licence = {
  name: "MIT",
  title: "MIT License, Microsoft Corporation",
  path: "licenses/MIT-Microsoft.txt",
};
const MIT_RAGPULSE: Licence = {
  name: "MIT",
  title: "MIT License, zhengchao wang",
  path: "licenses/MIT-RAGPulse.txt",
};
const CC_BY: Licence = {
  name: "CC-BY-4.0",
  title: "Creative Commons Attribution 4.0 International",
  path: "https://creativecommons.org/licenses/by/4.0/",
};

const VTC: readonly Source[] = [{
  title: "Sheng et al., Fairness in Serving Large Language Models, OSDI 2024: artifact",
  path: "https://github.com/Ying1123/VTC-artifact",
}];
const APEX: readonly Source[] = [{
  title: "microsoft/apex_plus (Lin et al., arXiv:2411.17651), traces of LMSYS-Chat-1M",
  path: "https://github.com/microsoft/apex_plus",
}];
const BURST: readonly Source[] = [{
  title: "Wang et al., BurstGPT: A Real-World Workload Dataset to Optimize LLM Serving Systems, " +
    "KDD 2025",
  path: "https://github.com/HPMLL/BurstGPT",
}];

const AZURE: readonly Source[] = [{
  title: "Azure LLM inference trace 2023 (Patel et al., Splitwise, ISCA 2024)",
  path: "https://github.com/Azure/AzurePublicDataset",
}];

const MOONCAKE: readonly Source[] = [{
  title: "Qin et al., Mooncake, FAST 2025: traces",
  path: "https://github.com/kvcache-ai/Mooncake",
}];
const RAGPULSE: readonly Source[] = [{
  title: "Wang et al., RAGPulse (arXiv:2511.12979)",
  path: "https://github.com/flashserve/RAGPulse",
}];
const SERVEGEN: readonly Source[] = [{
  title: "Xiang et al., ServeGen, NSDI 2026",
  path: "https://github.com/alibaba/ServeGen",
}];

const LMSYS_NOTE =
  "Lengths only, in the order of the source; its arrival times are synthetic and " +
  "were left out. The chats themselves are under terms of their own and are not here.";
const BURST_NOTE =
  "Azure OpenAI traffic of a campus, lengths in GPT tokens. A failed request has " +
  "0 response tokens, and 0 request tokens too.";

/** Everything bundled under `data/`, in the order of the package. */
export const RESOURCES: readonly ResourceFacts[] = [
  {
    name: "vtc-arena-trace",
    path: "vtc_arena/vtc_real_trace_27clients.csv",
    title: "Chat arena trace of 27 clients",
    description: "Requests to the LMSYS chat arena; each of 27 models stands for a client. 1,500 " +
      "requests, subsampled and rescaled to 600 s, order and shape of arrivals kept. Prompts and " +
      "answers of 1,024 tokens and more were left out; 218 answers have 512 or 513 tokens, where " +
      "the arena cut them. Lengths are of Llama's tokenizer and count its begin-of-text token. " +
      "Converted from fair_bench/real_trace.pkl to CSV without the dummy prompts.",
    traceFormat: "vtc-arena-trace",
    licence: APACHE,
    sources: VTC,
  },
  {
    name: "vtc-arena-measured-fcfs",
    path: "vtc_arena/measured_a10g_llama7b_FCFS_real.jsonl.gz",
    title: "Measured outcome of FCFS on the chat arena trace",
    description: "Times of the requests of vtc-arena-trace, row for row, under first come first " +
      "served on one A10G (24 GB) with Llama-7B and S-LoRA. The file's own " +
      "avg_first_token_latency repeats avg_latency, and the req_rate of its config is not the " +
      "trace's 2.5 per second: use the requests. fair_bench/FCFS/all_results_real.jsonl, packed.",
    traceFormat: "vtc-arena-measured",
    licence: APACHE,
    sources: VTC,
  },
  {
    name: "lmsys-lengths-llama",
    path: "lmsys_lengths/lmsys_1024_llama_tokenizer_lengths.csv",
    title: "Lengths of 1,024 chats of LMSYS-Chat-1M, Llama's tokenizer",
    description: LMSYS_NOTE,
    traceFormat: "lengths",
    licence: MIT_MICROSOFT,
    sources: APEX,
  },
  {
    name: "lmsys-lengths-mistral",
    path: "lmsys_lengths/lmsys_1024_mistral_tokenizer_lengths.csv",
    title: "Lengths of the same 1,024 chats, Mistral's tokenizer",
    description: LMSYS_NOTE,
    traceFormat: "lengths",
    licence: MIT_MICROSOFT,
    sources: APEX,
  },
  {
    name: "burstgpt-v1-first-999",
    path: "burstgpt/BurstGPT_1_first999.csv",
    title: "BurstGPT version 1, first 999 rows",
    description: `Rows 1 to 999 of BurstGPT_1.csv, unchanged. ${BURST_NOTE}`,
    traceFormat: "burstgpt",
    licence: CC_BY,
    sources: BURST,
  },
  {
    name: "burstgpt-v2-first-400",
    path: "burstgpt/BurstGPT_3_first400.csv",
    title: "BurstGPT version 2, first 400 rows",
    description: `Rows 1 to 400 of BurstGPT_3.csv (release v2.0), unchanged. ${BURST_NOTE}`,
    traceFormat: "burstgpt",
    licence: CC_BY,
    sources: BURST,
  },
  {
    name: "azure-2023-conv",
    path: "azure_llm_2023/AzureLLMInferenceTrace_conv.csv.gz",
    title: "Azure LLM inference trace 2023, conversations",
    description: "19,366 requests to a conversation service on 16 November 2023, sampled from " +
      "production; lengths in tokens, arrivals to 0.1 µs without a time zone. No tenant, session " +
      "or failure. Unchanged but packed.",
    traceFormat: "azure",
    licence: CC_BY,
    sources: AZURE,
  },
  {
    name: "azure-2023-code",
    path: "azure_llm_2023/AzureLLMInferenceTrace_code.csv.gz",
    title: "Azure LLM inference trace 2023, code",
    description:
      "8,819 requests to a code completion service in the same hour: short answers, and " +
      "the burstiest arrivals of any public trace (coefficient of variation 13). Unchanged but " +
      "packed.",
    traceFormat: "azure",
    licence: CC_BY,
    sources: AZURE,
  },
  {
    name: "mooncake-conversation",
    path: "mooncake/conversation_trace.jsonl.gz",
    title: "Mooncake's conversation trace",
    description:
      "12,031 requests in 59 minutes to a chat service, logged in batches of 3 s; hash " +
      "ids of 512-token blocks show what prompts share. Unchanged but packed.",
    traceFormat: "mooncake",
    licence: APACHE,
    sources: MOONCAKE,
  },
  {
    name: "ragpulse",
    path: "ragpulse/0_trace.jsonl.gz",
    title: "RAGPulse, a week of question answering with retrieval",
    description: "7,106 requests in 3,990 sessions over seven days; the prompt's components by " +
      "hash id (their token lengths are in files of the source that are not here). Unchanged but " +
      "packed.",
    traceFormat: "ragpulse",
    licence: MIT_RAGPULSE,
    sources: RAGPULSE,
  },
  {
    name: "servegen-m-small-rates",
    path: "servegen/m-small_client_rates.csv.gz",
    title: "ServeGen, rates of the 43 clients of m-small",
    description: "Requests a second and family of gaps per client and 600 s, over 14 days. The " +
      "files of the clients in one, with a header and the client's number; nothing left out.",
    traceFormat: "servegen",
    licence: APACHE,
    sources: SERVEGEN,
  },
  {
    name: "servegen-m-small-lengths",
    path: "servegen/m-small_token_histograms_day3.json.gz",
    title: "ServeGen, token lengths of m-small on day 3",
    description: "Histograms of prompt and answer lengths per client and six hours, from 259,200 " +
      "to 345,600 s: one day of the source's 14.",
    licence: APACHE,
    sources: SERVEGEN,
  },
  {
    name: "sample-answers",
    path: "sample_answers",
    title: "Sample answers per category",
    description: "Answers of our own wording, to measure words per token on. No model's output.",
  },
  {
    name: "words-per-token",
    path: "words_per_token.json",
    title: "Words per token of the sample answers",
    description: "Counted with Qwen1.5's tokenizer by `deno task measure-tokens`.",
  },
  {
    name: "prompt-token-counts",
    path: "prompt_token_counts.json",
    title: "Words and tokens of every piece of the paper workload's prompts",
    description: "Counted with Qwen1.5's tokenizer by `deno task measure-tokens`.",
  },
  ...MEASURED_SERVERS,
  ...MODELS_AND_GPUS,
];
