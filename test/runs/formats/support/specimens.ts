import { readBundled } from "../../../../src/files/read-bundled.ts";
import { openTrace } from "../../../../src/files/open-trace.ts";
import { simulate } from "../../../../src/paper/simulate.ts";
import { writeMetricsCsv } from "../../../../src/paper/metrics/metrics-csv.ts";
import { runMetrics } from "../../../../src/paper/metrics/run-metrics.ts";
import { paperWorkload } from "../../../../src/paper/workload.ts";
import type { ReadTrace } from "../../../../src/workload/readers/trace-format.ts";
import { firstRows } from "../../../../src/workload/transforms/first-rows.ts";
import { writeAny } from "../../../../src/runs/formats/write-any.ts";

/** How rows of a file are counted by someone who does not know our readers. */
export type Counting = "csv" | "csv without header" | "lines" | ((document: unknown) => number);

/** A small file of a format, real where one is bundled. */
export interface Specimen {
  readonly format: string;
  readonly text: string;
  readonly counting: Counting;
  readonly companions?: Readonly<Record<string, Uint8Array>>;
  /** Options without which the format reads no file. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Several JSON documents may stand in one file, a line each. */
  readonly appended?: boolean;
  /** Rows are no requests: they are sampled. */
  readonly sampled?: boolean;
}

const LINES = 24;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

type Json = Record<string, unknown>;
const at = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Json)[key] : undefined;
const length = (value: unknown) => Array.isArray(value) ? value.length : 0;

/** Requests of a step of AIBrix's; one that is no step is a row of its own. */
function requestsOfStep(step: unknown): number {
  const timestamp = at(step, "timestamp");
  const requests = at(step, "requests");
  const isStep = typeof timestamp === "number" && timestamp >= 0 && timestamp <= 1e15;
  return isStep && Array.isArray(requests) ? requests.length : 1;
}

async function head(file: string, lines = LINES): Promise<string> {
  const text = decoder.decode(await readBundled(file));
  return `${text.split("\n").slice(0, lines).join("\n")}\n`;
}

function fixture(name: string, folder = "own-logs"): Promise<string> {
  return Deno.readTextFile(new URL(`../../../fixtures/${folder}/${name}`, import.meta.url));
}

function written(trace: ReadTrace, format: string) {
  const { chunks, companions = {} } = writeAny(trace, { format });
  return {
    text: [...chunks].join(""),
    companions: Object.fromEntries(
      Object.entries(companions).map(([role, text]) => [role, encoder.encode(text)]),
    ),
  };
}

/** One specimen of every format in the registry at least. */
export async function specimens(): Promise<Specimen[]> {
  const l4 = "l4_measured/vllm0.30_L4_qwen3-1.7b_bf16_open4rps_160req.csv";
  const whole = await openTrace(new URL(`../../../../data/${l4}`, import.meta.url));
  const log: ReadTrace = {
    ...whole,
    workload: firstRows(whole.workload, LINES),
    measured: {
      sent: whole.measured!.sent!.slice(0, LINES),
      firstToken: whole.measured!.firstToken!.slice(0, LINES),
      finish: whole.measured!.finish!.slice(0, LINES),
    },
  };
  const arena = JSON.parse(
    decoder.decode(await readBundled("vtc_arena/measured_a10g_llama7b_FCFS_real.jsonl.gz")),
  ) as { result: { responses: unknown[] } };
  const responses = arena.result.responses.slice(0, 10);
  const run = simulate(paperWorkload({ seed: 8, requests: LINES }));
  const { workload: { requests, truth }, measured } = log;
  const ttfts = Array.from(measured!.firstToken!, (time, i) => time - measured!.sent![i]);
  const bench = {
    backend: "vllm",
    model_id: "Qwen/Qwen3-1.7B",
    completed: LINES - 1,
    request_throughput: 3.1,
    total_input_tokens: 9000,
    max_concurrency: 8,
    input_lens: [...requests.promptTokens],
    output_lens: [...truth.outputTokens].with(3, 0),
    start_times: [...measured!.sent!],
    ttfts,
    itls: ttfts.map((ttft) => [ttft / 2, 0.01]),
    errors: ttfts.map((_, i) => i === 3 ? "Bad Gateway" : ""),
  };
  const stats = (i: number) => ({
    request_id: `r${i}`,
    info: {
      conversation_id: `c${i % 3}`,
      timings: {
        targeted_start: 1.764e9 + requests.arrival[i],
        request_start: 1.764e9 + measured!.sent![i],
        first_token_iteration: 1.764e9 + measured!.firstToken![i],
        request_end: 1.764e9 + measured!.finish![i],
      },
    },
    prompt_tokens: requests.promptTokens[i],
    output_tokens: truth.outputTokens[i],
  });
  const guide = {
    metadata: { guidellm_version: "0.5.0" },
    benchmarks: [{
      type_: "generative_benchmark",
      requests: {
        successful: [0, 1, 2, 3, 4, 5, 6].map(stats),
        errored: [stats(7)],
        incomplete: [stats(8)],
      },
    }],
  };
  const groups = (benchmark: unknown) =>
    ["successful", "errored", "incomplete"].reduce(
      (sum, group) => sum + length(at(at(benchmark, "requests"), group)),
      0,
    );
  const qwen = Array.from({ length: LINES }, (_, i) =>
    JSON.stringify({
      chat_id: i,
      parent_chat_id: i % 4 === 0 ? -1 : i - 1,
      timestamp: requests.arrival[i],
      input_length: requests.promptTokens[i],
      output_length: i === 5 ? 0 : truth.outputTokens[i],
      type: i % 3 ? "text" : "search",
      turn: 1 + i % 4,
      hash_ids: [i, i + 1],
    })).join("\n");
  const histogram = { input_tokens: "{100: 0.25, 200: 0.75}", output_tokens: "{7: 1.0, 9: 1}" };
  const histograms = encoder.encode(
    JSON.stringify({ a: { "21600": histogram }, b: { "21600": histogram } }),
  );
  const windows = Array.from(
    { length: 8 },
    (_, i) =>
      `${i % 2 ? "b" : "a"},${21600 + 600 * Math.floor(i / 4)},0.0${i + 1},1.5,${
        ["Gamma", "Weibull", ""][i % 3]
      },0.5,0.25`,
  );
  const vidur = written(log, "vidur").text;
  const own = Array.from({ length: LINES }, (_, i) => ({
    ts: 1_763_324_552_000 + Math.round(1000 * requests.arrival[i]),
    took: Math.round(1000 * (measured!.finish![i] - requests.arrival[i])),
    p: requests.promptTokens[i],
    o: i === 5 ? 0 : truth.outputTokens[i],
    who: `user ${i % 3}`,
    code: i === 7 ? 429 : 200,
  }));
  const map = "arrival=ts:ms,e2e=took:ms,prompt=p,output=o,tenant=who,status=code";
  const lines = (rows: readonly unknown[]) =>
    rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const liveRows = (await head("vllm_cpu_live/fifo.window16.requests.csv.gz", 12)).trimEnd()
    .split("\n").map((line) => line.split(","));
  const long = ["chunk_gaps_us", "chunk_tokens"].map((name) => liveRows[0].indexOf(name));
  // One of each end, and without the columns of every chunk, which make most of a file.
  liveRows[3][1] = "failed";
  liveRows[5][1] = "";
  const liveText = liveRows.map((row) => row.filter((_, at) => !long.includes(at)).join(","))
    .join("\n");
  const weka = Array.from({ length: LINES }, (_, i) => ({
    ...{ id: `c${i}`, block_size: 64 },
    requests: [{ t: i / 2, type: "s", model: "m", in: 70 + i, out: i % 7, hash_ids: [1, i + 2] }],
  }));
  const batch = Array.from({ length: LINES }, (_, i) => ({
    ...{ id: `b${i}`, custom_id: `r${i}`, error: i === 4 ? { code: "expired" } : null },
    response: {
      status_code: i === 3 ? 500 : 200,
      body: { model: "m", usage: { prompt_tokens: 10 + i, completion_tokens: 20 + i } },
    },
  }));
  const chats = Array.from({ length: LINES }, (_, i) => ({
    id: `s${i}`,
    conversations: [{ from: "human", value: "a question" }, { from: "gpt", value: "x ".repeat(i) }],
  }));
  const words = { name: "words", count: (text: string) => text.split(/\s+/).length };
  const resaved = Array.from(
    { length: LINES },
    (_, i) => `16/11/2023 18:${15 + i},${300 + i},${i % 5}\n`,
  );
  return [
    {
      format: "azure-resaved",
      text: `TIMESTAMP,ContextTokens,GeneratedTokens\n${resaved.join("")}`,
      counting: "csv",
    },
    { format: "weka", text: lines(weka), counting: "lines" },
    { format: "openai-batch", text: lines(batch), counting: "lines" },
    {
      format: "sharegpt",
      text: lines(chats),
      counting: "lines",
      options: { tokenCounter: () => Promise.resolve(words) },
    },
    { format: "burstgpt", text: await head("burstgpt/BurstGPT_1_first999.csv"), counting: "csv" },
    { format: "burstgpt", text: await head("burstgpt/BurstGPT_3_first400.csv"), counting: "csv" },
    {
      format: "azure",
      text: await head("azure_llm_2023/AzureLLMInferenceTrace_code.csv.gz"),
      counting: "csv",
    },
    {
      format: "vtc-arena-trace",
      text: await head("vtc_arena/vtc_real_trace_27clients.csv"),
      counting: "csv",
    },
    {
      format: "vtc-arena-measured",
      text: `${JSON.stringify({ config: {}, result: { responses } })}\n`,
      counting: (document) => length(at(at(document, "result"), "responses")),
    },
    {
      format: "mooncake",
      text: await head("mooncake/conversation_trace.jsonl.gz"),
      counting: "lines",
    },
    { format: "ragpulse", text: await head("ragpulse/0_trace.jsonl.gz"), counting: "lines" },
    { format: "qwen-bailian", text: `${qwen}\n`, counting: "lines" },
    {
      format: "vllm-timed-trace",
      text: written(log, "vllm-timed-trace").text.replaceAll(/\[([^\],]*)[^\]]*\]/g, "[$1]"),
      counting: "lines",
    },
    { format: "blis-tracev2", ...written(log, "blis-tracev2"), counting: "csv" },
    {
      format: "servegen",
      text: `client_id,window_start_s,rate_rps,cv,arrival_pattern,param1,param2\n${
        windows.join("\n")
      }\n`,
      counting: "csv",
      companions: { histograms },
      sampled: true,
    },
    {
      format: "servegen",
      text: `${windows.map((line) => line.slice(2)).join("\n")}\n`,
      counting: "csv without header",
      companions: {
        histograms: encoder.encode(JSON.stringify({ "21600": histogram, "22200": histogram })),
      },
      sampled: true,
    },
    { format: "l4-log", text: await head(l4), counting: "csv" },
    {
      format: "recorded-requests",
      text: await head("vllm_cpu_measured/ds_l3.fcfs32.requests.csv"),
      counting: "csv",
    },
    {
      format: "recorded-chat",
      text: await head("vllm_cpu_chat/chat_l5.apc.requests.jsonl.gz"),
      counting: "lines",
    },
    { format: "live-requests", text: `${liveText}\n`, counting: "csv" },
    {
      format: "vllm-bench",
      text: JSON.stringify(bench),
      appended: true,
      counting: (document) => length(at(document, "input_lens")),
    },
    {
      format: "guidellm",
      text: JSON.stringify(guide),
      counting: (document) =>
        (at(document, "benchmarks") as unknown[])
          .reduce((sum: number, each) => sum + groups(each), 0),
    },
    {
      format: "driftsched-workload",
      text: written(log, "driftsched-workload").text,
      counting: (document) => at(document, "size") as number,
    },
    {
      format: "driftsched-run",
      text: written(log, "driftsched-run").text,
      counting: (document) => at(document, "size") as number,
    },
    {
      format: "driftsched-metrics",
      text: writeMetricsCsv(runMetrics(run, { epochSeconds: 1.764e9 })),
      counting: "csv",
    },
    { format: "vidur", text: vidur, counting: "csv" },
    {
      format: "lengths",
      text: await head("lmsys_lengths/lmsys_1024_llama_tokenizer_lengths.csv"),
      counting: "csv",
    },
    {
      format: "mapped",
      text: `${Object.keys(own[0]).join(",")}\n${
        own.map((row) => `${Object.values(row).join(",")}\n`).join("")
      }`,
      counting: "csv",
      options: { map },
    },
    { format: "mapped", text: lines(own), counting: "lines", options: { map } },
    { format: "otel-genai", text: await fixture("spans.jsonl"), counting: "lines" },
    { format: "litellm", text: await fixture("litellm-spend-logs.csv"), counting: "csv" },
    { format: "litellm", text: await fixture("litellm-payloads.jsonl"), counting: "lines" },
    {
      format: "envoy-ai-gateway",
      text: await fixture("envoy-ai-gateway.jsonl"),
      counting: "lines",
    },
    {
      format: "aiperf",
      text: await fixture("aiperf-profile-export.jsonl", "traces"),
      counting: "lines",
    },
    {
      format: "llmperf",
      text: await fixture("llmperf-individual-responses.json", "traces"),
      counting: length,
    },
    {
      format: "inference-perf",
      text: await fixture("inference-perf-per-request.json", "traces"),
      counting: length,
    },
    {
      format: "inference-perf",
      text: await fixture("inference-perf-server-usage.json", "traces"),
      counting: length,
    },
    {
      format: "multi-round-qa",
      text: await fixture("multi-round-qa.csv", "traces"),
      counting: "csv",
    },
    {
      format: "genai-bench",
      text: await fixture("genai-bench.json", "traces"),
      counting: (document) => length(at(document, "individual_request_metrics")),
    },
    {
      format: "splitwise-sim",
      text: await fixture("splitwise-sim.csv", "traces"),
      counting: "csv",
    },
    {
      format: "aibrix",
      text: `[${(await fixture("aibrix-workload.jsonl", "traces")).trim().replaceAll("\n", ",")}]`,
      counting: (document) =>
        (document as unknown[]).reduce((sum: number, step) => sum + requestsOfStep(step), 0),
    },
    {
      format: "genai-perf",
      text: await fixture("genai-perf-profile-export.json", "traces"),
      counting: (document) =>
        (at(document, "experiments") as unknown[])
          .reduce((sum: number, each) => sum + length(at(each, "requests")), 0),
    },
    { format: "nginx-json", text: await fixture("nginx-access.jsonl"), counting: "lines" },
  ];
}
