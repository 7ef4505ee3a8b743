import type { ResourceFacts } from "./resource-facts.ts";

const CPU_RUNS: Readonly<Record<string, string>> = {
  "ds_l3.fcfs32": "Poisson arrivals, 3 a second",
  "ds_l5.fcfs32": "Poisson arrivals, 5 a second",
  "ds_l5.fcfs32.repeat": "the same again: the noise",
  "ds_l7.fcfs32": "Poisson arrivals, 7 a second: overload",
  "ds_l5.fcfs16": "16 sequences at most",
  "ds_l5_sjf.prio16": "16 sequences at most, priority by the answer's length",
  "ds_l5.fcfs32.kv2560": "KV cache of 2,560 tokens: preemptions",
  "ds_burst.client16.fifo": "all at once through a client's window of 16, first in first out",
  "ds_burst.client16.priority": "all at once through a client's window of 16, strict tiers",
  "bgpt.fcfs32": "rows of BurstGPT squeezed to 90 s",
  "azure.fcfs32.mbt512": "rows of Azure's conversations of 2023 squeezed to 75 s, budget of 512",
};
/** Runs whose lengths and arrivals are of others. */
const DERIVED: Readonly<Record<string, ResourceFacts["sources"]>> = {
  "bgpt.fcfs32": [{ title: "BurstGPT (CC-BY-4.0)", path: "https://github.com/HPMLL/BurstGPT" }],
  "azure.fcfs32.mbt512": [{
    title: "Azure LLM inference trace 2023 (CC-BY-4.0)",
    path: "https://github.com/Azure/AzurePublicDataset",
  }],
};
const CC0 = {
  name: "CC0-1.0",
  title: "Creative Commons Zero 1.0",
  path: "https://creativecommons.org/publicdomain/zero/1.0/",
};
const CC_BY = {
  name: "CC-BY-4.0",
  title: "Creative Commons Attribution 4.0 International",
  path: "https://creativecommons.org/licenses/by/4.0/",
};
const MIT_OF_README = (path: string) => ({ name: "MIT", title: "MIT, as its README says", path });
const BYTES_PER_TOKEN = "https://github.com/ish-codes-magic/bytes-per-token";
const POLYSERVE = "https://github.com/Aagam-Bothara/polyserve";

const cpuRuns = Object.entries(CPU_RUNS).flatMap(([run, what]) =>
  ([
    ["json", "server's flags and client"],
    ["requests.csv", "what the client saw of each request"],
    ["iterations.log.gz", "the server's log, one line an engine iteration"],
  ] as const).map(([extension, part]): ResourceFacts => ({
    name: `vllm-cpu-${run}-${extension.split(".")[0]}`.toLowerCase(),
    path: `vllm_cpu_measured/${run}.${extension}`,
    title: `vLLM 0.30 on a CPU, ${run}: ${part}`,
    description: `${what}. Real decisions of a real server, random weights, this machine's times.`,
    ...extension === "requests.csv" && { traceFormat: "recorded-requests" },
    licence: run in DERIVED ? CC_BY : CC0,
    ...run in DERIVED && { sources: DERIVED[run] },
  }))
);

/** Conversations with shared system prompts, served by that server. */
const CHAT_RUNS: Readonly<Record<string, string>> = {
  "chat_l3.apc": "3 requests a second, prefix caching on",
  "chat_l5.apc": "5 requests a second, prefix caching on",
  "chat_l5.apc.repeat": "the same again: the noise",
  "chat_l5.noapc": "the same requests, prefix caching off",
};

const chatRuns = Object.entries(CHAT_RUNS).flatMap(([run, what]) =>
  ([
    ["json", "server's flags"],
    ["requests.jsonl.gz", "what the client saw of each request, and what its prompt consists of"],
    ["iterations.log.gz", "the server's log, one line an engine iteration"],
  ] as const).map(([extension, part]): ResourceFacts => ({
    name: `vllm-cpu-${run}-${extension.split(".")[0]}`.toLowerCase(),
    path: `vllm_cpu_chat/${run}.${extension}`,
    title: `vLLM 0.30 on a CPU, ${run}: ${part}`,
    description: `Conversations of three tenants with shared system prompts: ${what}.`,
    ...extension === "requests.jsonl.gz" && { traceFormat: "recorded-chat" },
    licence: CC0,
  }))
);

/** Runs of `deno task live` in front of that server, recorded with its iterations. */
const LIVE_RUNS: Readonly<Record<string, string>> = {
  "fifo.window16": "FIFO, 16 requests in flight",
  "fifo.window16.repeat": "the same again: the noise",
  "sjf.window16": "SJF with calibration, 16 requests in flight",
  "sjf_none.window16": "SJF without calibration, 16 requests in flight",
  "sjf.priority16": "SJF with calibration, handed over as vLLM's priority",
};

const liveRuns = Object.entries(LIVE_RUNS).flatMap(([run, what]) =>
  ([
    ["json", "server's flags, client, how it was started"],
    ["run.json.gz", "the run, as the task wrote it"],
    ["requests.csv.gz", "all that the client measured of each request, every chunk's time too"],
    ["server_telemetry.csv", "what the server's metrics said during the run"],
    ["iterations.log.gz", "the server's log, one line an engine iteration"],
  ] as const).map(([extension, part]): ResourceFacts => ({
    name: `vllm-cpu-live-${run}-${extension.split(".")[0]}`.toLowerCase(),
    path: `vllm_cpu_live/${run}.${extension}`,
    title: `A live run in front of vLLM 0.30 on a CPU, ${run}: ${part}`,
    description: `${what}. Requests of ds_l5.fcfs16, lengths of answers forced.`,
    licence: CC0,
  }))
);

/** Recordings of real servers, and the servers fitted to them. */
export const MEASURED_SERVERS: readonly ResourceFacts[] = [
  ...cpuRuns,
  ...liveRuns,
  ...chatRuns,
  {
    name: "vllm-cpu-chat-readme",
    path: "vllm_cpu_chat/README.md",
    title: "How the conversations on the CPU server were recorded",
    description: "Format, flags and the table of what was measured.",
    licence: CC0,
  },
  {
    name: "vllm-cpu-live-readme",
    path: "vllm_cpu_live/README.md",
    title: "How the live runs in front of the CPU server were made",
    description: "Commands, server, and the table of what was measured.",
    licence: CC0,
  },
  {
    name: "vllm-cpu-readme",
    path: "vllm_cpu_measured/README.md",
    title: "How the CPU server was recorded",
    description: "Format, workloads and the table of what was measured.",
    licence: CC0,
  },
  {
    name: "l4-qwen3-1.7b-requests",
    path: "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv",
    title: "160 requests of Qwen3-1.7B on a real L4, vLLM 0.30",
    description: "Open loop, 4 requests a second, answers of forced length.",
    traceFormat: "l4-log",
    licence: MIT_OF_README(BYTES_PER_TOKEN),
    sources: [{ title: "ish-codes-magic/bytes-per-token", path: BYTES_PER_TOKEN }],
  },
  {
    name: "example-gateway-log",
    path: "examples/gateway_log.csv",
    title: "A log with columns of its own names, for deno task what-if",
    description:
      "The run ds_l5.fcfs16 of the CPU server with other columns: ts_ms (milliseconds since " +
      "1970, the date made up), plan, kind, prompt_tok, completion_tok, ttft_ms, latency_ms.",
    licence: CC0,
  },
  {
    name: "example-vllm-bench",
    path: "examples/vllm_bench.json.gz",
    title: "The log of 160 requests as a result of vLLM's benchmark, for deno task what-if",
    description:
      "l4-qwen3-1.7b-requests in the form of bench serve --save-detailed; the gaps between " +
      "tokens are an answer's mean gap.",
    licence: MIT_OF_README(BYTES_PER_TOKEN),
    sources: [{ title: "ish-codes-magic/bytes-per-token", path: BYTES_PER_TOKEN }],
  },
  {
    name: "l4-qwen3-1.7b-points",
    path: "l4_measured/qwen3-1.7b_L4_vllm0.30.json",
    title: "Load points, steps and ceilings of the same L4",
    description: "Numbers of its result tables, retyped.",
    licence: MIT_OF_README(BYTES_PER_TOKEN),
    sources: [{ title: "ish-codes-magic/bytes-per-token", path: BYTES_PER_TOKEN }],
  },
  {
    name: "l4-qwen3-0.6b-points",
    path: "l4_measured/qwen3-0.6b_L4_vllm0.30.json",
    title: "Load points of Qwen3-0.6B on the same L4",
    description: "Numbers of its result tables, retyped.",
    licence: MIT_OF_README(BYTES_PER_TOKEN),
    sources: [{ title: "ish-codes-magic/bytes-per-token", path: BYTES_PER_TOKEN }],
  },
  {
    name: "l4-load-points-workload",
    path: "l4_measured/load_points_workload.csv",
    title: "The requests of these load points",
    description:
      "512 requests, arrivals at one a second; made anew by the author's generator and " +
      "seed, and equal to the log of 160 in every row.",
    licence: MIT_OF_README(BYTES_PER_TOKEN),
    sources: [{ title: "ish-codes-magic/bytes-per-token", path: BYTES_PER_TOKEN }],
  },
  {
    name: "l4-qwen2.5-7b-points",
    path: "l4_measured/polyserve_L4_vllm_qwen2.5-7b.json",
    title: "Load points of Qwen2.5-7B on an L4, vLLM 0.11",
    description: "bf16 and fp8, closed loop; transcribed and rounded.",
    licence: MIT_OF_README(POLYSERVE),
    sources: [{ title: "Aagam-Bothara/polyserve", path: POLYSERVE }],
  },
  ...[
    ...["vllm-cpu-0.05b", "l4-qwen3-0.6b", "l4-qwen3-1.7b"],
    ...["l4-qwen2.5-7b-bf16", "l4-qwen2.5-7b-fp8"],
  ].map((name) => ({
    name: `server-${name}`,
    path: `servers/${name}.json`,
    title: `What a step costs on ${name}`,
    description: "A server file for `deno task fidelity`; its source is in it.",
  })),
];
