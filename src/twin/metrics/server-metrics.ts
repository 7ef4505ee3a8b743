import process from "node:process";
import { Counter, Gauge, Histogram, Registry, Summary } from "prom-client";
import type { ServerConfig } from "../../servers/continuous/config.ts";
import type { Flight } from "../flight.ts";
import * as buckets from "./buckets.ts";
import { cacheConfigLabels } from "./cache-config.ts";
import { HotHistogram } from "./hot-histogram.ts";

/** What the gauges show. */
export interface Gauges {
  readonly running: number;
  readonly waiting: number;
  /** Share of the usable KV blocks that are held. */
  readonly kvCacheUsage: number;
}

/** What {@link ServerMetrics} is made with. */
export interface MetricsOptions {
  readonly model: string;
  readonly config: ServerConfig;
  readonly blocksOverride: number | null;
  /** Unix seconds at which this server came up. */
  readonly startedAt: number;
  /** Read when somebody asks for the text. */
  readonly gauges: () => Gauges;
}

/**
 * What `/metrics` of a vLLM 0.30 server shows, with its names, labels and buckets (vLLM reference
 * §3); `process_*` are the twin's own, `python_*` it has none. One series of ours beside them:
 * `driftsched_twin_lateness_seconds`, how late events are written against the twin's clock.
 */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #labels: { engine: string; model_name: string };
  readonly #startedAt: number;
  /** Called before the text is written: what is kept elsewhere until then. */
  readonly #refreshing: (() => void)[] = [];
  #generated = 0;

  readonly #timeToFirstToken;
  readonly #interTokenLatency;
  readonly #timePerOutputToken;
  readonly #endToEnd;
  readonly #queue;
  readonly #inference;
  readonly #prefill;
  readonly #decode;
  readonly #promptTokens;
  readonly #promptTokensBySource;
  readonly #promptTokensCached;
  /** Tokens looked up and found by first admissions; null: there is no cache. */
  readonly #prefixCache;
  readonly #generationTokens;
  readonly #preemptions;
  readonly #success;
  readonly #iterationTokens;
  readonly #requestPrompt;
  readonly #requestGeneration;
  readonly #requestMaxGeneration;
  readonly #requestMaxTokens;
  readonly #requestN;
  readonly #requestPreemptions;
  readonly #requestComputed;
  readonly #httpRequests;
  readonly #httpRequestBytes;
  readonly #httpResponseBytes;
  readonly #httpSeconds;
  readonly #httpHandlerSeconds;
  readonly #lateness;

  constructor({ model, config, blocksOverride, startedAt, gauges }: MetricsOptions) {
    this.#labels = { engine: "0", model_name: model };
    this.#startedAt = startedAt;
    const tokens = buckets.tokenBuckets(config.max_model_len);

    this.#process();
    const flops = "for Model Flops Utilization calculations";
    this.#counter("vllm:estimated_flops_per_gpu", `Estimated floating point operations, ${flops}.`);
    this.#counter("vllm:estimated_read_bytes_per_gpu", `Estimated bytes read, ${flops}.`);
    this.#counter("vllm:estimated_write_bytes_per_gpu", `Estimated bytes written, ${flops}.`);
    const running = this.#gauge("vllm:num_requests_running", "Requests in execution batches.");
    const waiting = this.#gauge("vllm:num_requests_waiting", "Requests waiting to be processed.");
    const byReason = this.#gauge(
      "vllm:num_requests_waiting_by_reason",
      "Waiting requests by reason: capacity, or deferred by transient constraints.",
      ["reason"],
    );
    const sleep = this.#gauge("vllm:engine_sleep_state", "Engine sleep state; awake = 1.", [
      "sleep_state",
    ]);
    for (const state of ["awake", "weights_offloaded", "discard_all"]) {
      sleep.set({ ...this.#labels, sleep_state: state }, state === "awake" ? 1 : 0);
    }
    const usage = this.#gauge("vllm:kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent.");
    this.#refreshing.push(() => {
      const now = gauges();
      running.set(this.#labels, now.running);
      waiting.set(this.#labels, now.waiting);
      byReason.set({ ...this.#labels, reason: "capacity" }, now.waiting);
      byReason.set({ ...this.#labels, reason: "deferred" }, 0);
      usage.set(this.#labels, now.kvCacheUsage);
    });
    const [prefixCache] = ["prefix_cache", "external_prefix_cache", "mm_cache"].map((cache) => ({
      queries: this.#counter(`vllm:${cache}_queries`, `Queries of the ${cache}.`),
      hits: this.#counter(`vllm:${cache}_hits`, `Hits in the ${cache}.`),
    }));
    this.#prefixCache = config.enable_prefix_caching ? prefixCache : null;
    this.#preemptions = this.#counter("vllm:num_preemptions", "Preemptions by the engine.");
    this.#promptTokens = this.#counter("vllm:prompt_tokens", "Prefill tokens processed.");
    this.#promptTokensBySource = this.#counter(
      "vllm:prompt_tokens_by_source",
      "Prompt tokens by source.",
      { source: ["local_compute", "local_cache_hit", "external_kv_transfer"] },
    );
    this.#promptTokensCached = this.#counter(
      "vllm:prompt_tokens_cached",
      "Cached prompt tokens.",
    );
    this.#generationTokens = this.#counter("vllm:generation_tokens", "Generation tokens.");
    this.#refreshing.push(() => {
      this.#generationTokens.inc(this.#labels, this.#generated);
      this.#generated = 0;
    });
    this.#success = this.#counter("vllm:request_success", "Successfully processed requests.", {
      finished_reason: ["stop", "length", "abort", "error", "repetition"],
    });

    const histogram = (name: string, help: string, bounds: number[]) =>
      this.#histogram(name, help, bounds);
    this.#requestPrompt = histogram("vllm:request_prompt_tokens", "Prefill tokens.", tokens);
    this.#requestGeneration = histogram(
      "vllm:request_generation_tokens",
      "Generation tokens.",
      tokens,
    );
    this.#iterationTokens = histogram(
      "vllm:iteration_tokens_total",
      "Tokens per engine step.",
      buckets.ITERATION_TOKENS,
    );
    this.#requestMaxGeneration = histogram(
      "vllm:request_max_num_generation_tokens",
      "Most generation tokens of a request.",
      tokens,
    );
    this.#requestN = histogram("vllm:request_params_n", "Parameter n.", buckets.ANSWERS);
    this.#requestMaxTokens = histogram(
      "vllm:request_params_max_tokens",
      "Parameter max_tokens.",
      tokens,
    );
    this.#timeToFirstToken = histogram(
      "vllm:time_to_first_token_seconds",
      "Time to first token.",
      buckets.TIME_TO_FIRST_TOKEN,
    );
    this.#interTokenLatency = new HotHistogram({
      name: "vllm:inter_token_latency_seconds",
      help: "Inter-token latency.",
      buckets: buckets.PER_TOKEN,
      labels: this.#labels,
    }).registerIn(this.#registry);
    this.#created("vllm:inter_token_latency_seconds", this.#interTokenLatency, [
      "engine",
      "model_name",
    ]);
    this.#timePerOutputToken = histogram(
      "vllm:request_time_per_output_token_seconds",
      "Time per output token of a request.",
      buckets.PER_TOKEN,
    );
    const seconds = (name: string, help: string) =>
      this.#histogram(name, help, buckets.REQUEST_SECONDS);
    this.#endToEnd = seconds("vllm:e2e_request_latency_seconds", "End-to-end request latency.");
    this.#queue = seconds("vllm:request_queue_time_seconds", "Time in the queue.");
    this.#inference = seconds("vllm:request_inference_time_seconds", "Time running.");
    this.#prefill = seconds("vllm:request_prefill_time_seconds", "Time in prefill.");
    this.#decode = seconds("vllm:request_decode_time_seconds", "Time in decode.");
    this.#requestPreemptions = histogram(
      "vllm:request_num_preemptions",
      "How often a request was preempted.",
      buckets.PREEMPTIONS,
    );
    this.#requestComputed = histogram(
      "vllm:request_prefill_kv_computed_tokens",
      "New KV tokens computed during prefill.",
      tokens,
    );
    const info = cacheConfigLabels(config, blocksOverride);
    new Gauge({
      name: "vllm:cache_config_info",
      help: "Information of the LLMEngine CacheConfig",
      labelNames: Object.keys(info),
      registers: [this.#registry],
    }).set(info, 1);

    const registers = [this.#registry];
    const handler = ["handler"];
    this.#httpRequests = new Counter({
      name: "http_requests_total",
      help: "Requests by method, status and handler.",
      labelNames: ["handler", "method", "status"],
      registers,
    });
    this.#created("http_requests", this.#httpRequests, ["handler", "method", "status"]);
    this.#httpRequestBytes = this.#bytes("http_request_size_bytes", "Length of requests.");
    this.#httpResponseBytes = this.#bytes("http_response_size_bytes", "Length of responses.");
    this.#httpSeconds = new Histogram({
      name: "http_request_duration_highr_seconds",
      help: "Latency of HTTP requests.",
      buckets: buckets.HTTP_SECONDS,
      registers,
    });
    this.#created("http_request_duration_highr_seconds", this.#httpSeconds, []);
    this.#httpHandlerSeconds = new Histogram({
      name: "http_request_duration_seconds",
      help: "Latency of HTTP requests by handler.",
      labelNames: [...handler, "method"],
      buckets: buckets.HTTP_HANDLER_SECONDS,
      registers,
    });
    this.#created("http_request_duration_seconds", this.#httpHandlerSeconds, [
      ...handler,
      "method",
    ]);
    this.#lateness = new HotHistogram({
      name: "driftsched_twin_lateness_seconds",
      help: "How late events are written against the twin's clock, in real seconds.",
      buckets: buckets.LATENESS,
      labels: {},
    }).registerIn(this.#registry);
  }

  /** `flight` was scheduled for the first time. A look-up that lets nobody in is not counted. */
  scheduled({ plan, cached }: Flight): void {
    if (this.#prefixCache === null) return;
    this.#prefixCache.queries.inc(this.#labels, plan.promptTokens);
    this.#prefixCache.hits.inc(this.#labels, cached);
  }

  /** A token of `flight`, at `at`; `before` is the token before it, NaN for the first. */
  token(flight: Flight, at: number, before: number): void {
    this.#generated++;
    if (flight.unbooked > 0) {
      this.#preemptions.inc(this.#labels, flight.unbooked);
      flight.unbooked = 0;
    }
    if (flight.tokens > 1) {
      this.#interTokenLatency.observe(at - before);
      return;
    }
    const { plan: { promptTokens }, cached } = flight;
    const labels = this.#labels;
    this.#timeToFirstToken.observe(labels, at - flight.arrival);
    this.#promptTokens.inc(labels, promptTokens);
    this.#promptTokensBySource.inc({ ...labels, source: "local_compute" }, promptTokens - cached);
    if (cached === 0) return;
    this.#promptTokensCached.inc(labels, cached);
    // vLLM takes it that a last token alone was cached, too, and is only computed for its logits.
    const recomputed = cached + 1 === promptTokens ? 1 : 0;
    const hit = { ...labels, source: "local_cache_hit" };
    this.#promptTokensBySource.inc(hit, cached + recomputed);
  }

  /** `flight` has ended by itself. */
  finished(flight: Flight, n: number): void {
    const labels = this.#labels;
    const { plan, arrival, queued, scheduled, cached, firstToken, lastToken, tokens } = flight;
    this.#success.inc({ ...labels, finished_reason: plan.finishReason });
    this.#endToEnd.observe(labels, lastToken - arrival);
    this.#queue.observe(labels, scheduled - queued);
    this.#inference.observe(labels, lastToken - scheduled);
    this.#prefill.observe(labels, firstToken - scheduled);
    this.#decode.observe(labels, lastToken - firstToken);
    this.#timePerOutputToken.observe(
      labels,
      tokens > 1 ? (lastToken - firstToken) / (tokens - 1) : 0,
    );
    this.#requestPrompt.observe(labels, plan.promptTokens);
    this.#requestComputed.observe(labels, plan.promptTokens - cached);
    this.#requestGeneration.observe(labels, tokens);
    this.#requestMaxGeneration.observe(labels, tokens);
    this.#requestMaxTokens.observe(labels, plan.maxTokens);
    this.#requestN.observe(labels, n);
    this.#requestPreemptions.observe(labels, flight.preemptions);
  }

  /**
   * A step brought `tokens`: those generated, and what was not cached of the prompts whose prefill it
   * completed.
   */
  step(tokens: number): void {
    this.#iterationTokens.observe(this.#labels, tokens);
  }

  /** An event was written `seconds` after its instant. */
  late(seconds: number): void {
    this.#lateness.observe(seconds);
  }

  /** An HTTP request has been answered. */
  http(answered: HttpAnswered): void {
    const { handler, method, status, seconds, requestBytes, responseBytes } = answered;
    this.#httpRequests.inc({ handler, method, status: `${Math.floor(status / 100)}xx` });
    this.#httpRequestBytes.observe({ handler }, requestBytes);
    this.#httpResponseBytes.observe({ handler }, responseBytes);
    this.#httpSeconds.observe(seconds);
    this.#httpHandlerSeconds.observe({ handler, method }, seconds);
  }

  /** The whole text. */
  async text(): Promise<string> {
    for (const refresh of this.#refreshing) refresh();
    const text = await this.#registry.metrics();
    // As Python prints them: clients compare these labels as text.
    return text.replace(/le="(\d+)"/g, 'le="$1.0"').replace(/\n\n/g, "\n");
  }

  #gauge(name: string, help: string, more: readonly string[] = []): Gauge {
    const labelNames = ["engine", "model_name", ...more];
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #counter(
    name: string,
    help: string,
    values: Readonly<Record<string, readonly string[]>> = {},
  ): Counter {
    const [[label, all] = []] = Object.entries(values);
    const labelNames = ["engine", "model_name", ...label === undefined ? [] : [label]];
    const registers = [this.#registry];
    const counter = new Counter({ name: `${name}_total`, help, labelNames, registers });
    if (label === undefined) counter.inc(this.#labels, 0);
    else for (const value of all!) counter.inc({ ...this.#labels, [label]: value }, 0);
    this.#created(name, counter, labelNames);
    return counter;
  }

  #histogram(name: string, help: string, bounds: number[]): Histogram {
    const labelNames = ["engine", "model_name"];
    const registers = [this.#registry];
    const histogram = new Histogram({ name, help, labelNames, buckets: bounds, registers });
    histogram.zero(this.#labels);
    this.#created(name, histogram, labelNames);
    return histogram;
  }

  #bytes(name: string, help: string): Summary {
    const registers = [this.#registry];
    const options = { name, help, labelNames: ["handler"], percentiles: [], registers };
    const summary = new Summary(options);
    this.#created(name, summary, ["handler"]);
    return summary;
  }

  /** The `_created` series that Python's client keeps beside each counter and histogram. */
  #created(
    name: string,
    of: { get(): Promise<{ values: { labels: Record<string, unknown> }[] }> },
    labelNames: string[],
  ): void {
    const startedAt = this.#startedAt;
    new Gauge({
      name: `${name}_created`,
      help: `When ${name} was made.`,
      labelNames,
      registers: [this.#registry],
      async collect() {
        for (const { labels } of (await of.get()).values) {
          const own = Object.fromEntries(labelNames.map((label) => [label, String(labels[label])]));
          this.set(own, startedAt);
        }
      },
    });
  }

  #process(): void {
    const gauge = (name: string, help: string) =>
      new Gauge({ name, help, registers: [this.#registry] });
    const memory = gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
    gauge("process_start_time_seconds", "Start time since unix epoch in seconds.")
      .set(this.#startedAt);
    const cpu = new Counter({
      name: "process_cpu_seconds_total",
      help: "Total user and system CPU time spent in seconds.",
      registers: [this.#registry],
    });
    let spent = 0;
    this.#refreshing.push(() => {
      memory.set(process.memoryUsage.rss());
      const { user, system } = process.cpuUsage();
      cpu.inc(Math.max(0, (user + system) / 1e6 - spent));
      spent = (user + system) / 1e6;
    });
  }
}

/** One HTTP exchange, for the metrics. */
export interface HttpAnswered {
  /** The route. */
  readonly handler: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  readonly requestBytes: number;
  /** By the header; 0 where none said so. */
  readonly responseBytes: number;
}
