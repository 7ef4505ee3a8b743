import * as z from "zod";
import { parseJson } from "../errors/parse-json.ts";
import { parseWith } from "../errors/parse-with.ts";
import { POLICIES } from "../policies/registry.ts";
import { headOf } from "../workload/readers/parsing/head.ts";
import { l4Log } from "../workload/readers/formats/l4-log.ts";
import { readWhole } from "../workload/readers/read-whole.ts";
import { recordedChat } from "../workload/readers/formats/recorded-chat.ts";
import { liveRequests } from "../workload/readers/formats/live-requests.ts";
import { recordedRequests } from "../workload/readers/formats/recorded-requests.ts";
import { vllmBench } from "../workload/readers/formats/vllm-bench.ts";
import { InputError } from "../errors/input-error.ts";
import { promptContent } from "../workload/content-of-prompts.ts";
import type { PromptContent } from "../workload/prompt-content.ts";
import type { Measured, ReadTrace } from "../workload/readers/trace-format.ts";
import type { ReadReport } from "../workload/readers/read-report.ts";
import type { Labels } from "../workload/workload.ts";
import { ServerConfig } from "../servers/continuous/config.ts";

/** Flags of vLLM that a recording may name and that decide nothing here. */
const WITHOUT_EFFECT = [
  ...["model", "served_model_name", "dtype", "load_format", "seed", "host", "port"],
  ...["gpu_memory_utilization", "enforce_eager", "enable_logging_iteration_details"],
  ...["enable_per_request_metrics", "skip_tokenizer_init", "generation_config"],
];

/** The queue that a recording's client had in front of the server. */
export const RecordedClient = z.strictObject({
  /** Requests open at the server at most. */
  in_flight_window: z.int().min(1),
  /** The client's queue: a policy of ours by name. */
  order: z.string().refine((name) => POLICIES.get(name) !== undefined, {
    error: () => `one of ${POLICIES.names.join(", ")}`,
  }),
});
export type RecordedClient = z.output<typeof RecordedClient>;

/** What stands beside a recorded run: the server's flags under vLLM's names, and the client. */
export const RunDescription = z.object({
  server: ServerConfig,
  client: RecordedClient.nullable().default(null),
});
export type RunDescription = z.output<typeof RunDescription>;

/** Requests of a recorded run by arrival (equal ones by id), and what became of them. Shape (n). */
export interface RecordedRequests {
  readonly size: number;
  readonly id: readonly string[];
  /** Seconds since the run's start. */
  readonly arrival: Float64Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  /** Lower is more urgent: what the client gave vLLM. */
  readonly priority: Int32Array;
  /** 0 is the most urgent: what the client's own queue goes by. */
  readonly tier: Uint8Array;
  /** Seconds since the run's start, on the client's clock. */
  readonly firstToken: Float64Array;
  readonly finish: Float64Array;
  /** When the client sent it; absent where that was not recorded. */
  readonly sent?: Float64Array;
  /** By the server's own clock: its queue and its prefill, and from the first token to the last. */
  readonly serverTtft?: Float64Array;
  readonly serverGeneration?: Float64Array;
  /** Tokens of the prompt that the server had in its prefix cache; absent where it says none. */
  readonly cachedTokens?: Int32Array;
  /** What prompts consist of; absent: nobody shares anything with anybody. */
  readonly content?: PromptContent;
}

/** Formats of recordings, by content; a `requests.csv` of another kind is read as the first. */
const RECORDINGS = [recordedRequests, recordedChat, l4Log, liveRequests, vllmBench];

/**
 * Reads a recorded run's requests: a `requests.csv`, a `requests.jsonl` with prompts, the L4's log, a live
 * run's `requests.csv` or a detailed result of vLLM's benchmark. See {@link recordedOf}. Throws an
 * InputError for a bad row, and one whose times run backwards.
 */
export function readRecordedRequests(
  input: Uint8Array | string,
  source: string,
): { requests: RecordedRequests; report: ReadReport } {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const head = headOf(bytes, true);
  const format = RECORDINGS.find(({ recognise }) => recognise(head) !== undefined);
  const trace = readWhole(format ?? recordedRequests, bytes, source);
  return { report: trace.report, requests: recordedOf(trace, source) };
}

/**
 * The requests of a trace that was measured, as a recording. Without tiers a request's priority is its
 * tier, where it has one. Throws an InputError for a trace of several phases, and where the first token or
 * the finish of a request is not known.
 *
 * @param source name of the file, for errors
 */
export function recordedOf(
  { workload, measured = {} }: Pick<ReadTrace, "workload" | "measured">,
  source: string,
): RecordedRequests {
  const { size, arrival, phases, promptTokens, tier, extra = {} } = workload.requests;
  if (phases.length > 1) {
    throw new InputError({
      file: source,
      field: "phases",
      value: phases.map(({ name }) => name).join(", "),
      expected: "one phase: arrivals of a later one depend on when the one before has ended",
    });
  }
  const { id, priority } = extra as { id?: Labels; priority?: Int32Array };
  const tiered = tier.names.length > 1 || tier.names[0] !== "default";
  return {
    size,
    id: Array.from(arrival, (_, row) => id ? id.names[id.codes[row]] : String(row)),
    arrival,
    promptTokens,
    outputTokens: workload.truth.outputTokens,
    priority: priority ?? new Int32Array(size),
    tier: tiered
      ? Uint8Array.from(tier.codes)
      : Uint8Array.from({ length: size }, (_, row) =>
        Math.min(Math.max(priority?.[row] ?? 0, 0), 255)),
    firstToken: knownOf(measured.firstToken, { size, source, what: "first token" }),
    finish: knownOf(measured.finish, { size, source, what: "finish" }),
    sent: measured.sent,
    ...serverTimes(measured),
    cachedTokens: measured.cachedTokens,
    content: promptContent(workload.requests),
  };
}

/** Instants of every request; an InputError where some are missing. */
function knownOf(
  instants: Float64Array | undefined,
  { size, source, what }: { size: number; source: string; what: string },
): Float64Array {
  const unknown = instants ? instants.reduce((n, at) => n + Number(Number.isNaN(at)), 0) : size;
  if (instants !== undefined && unknown === 0) return instants;
  throw new InputError({
    file: source,
    field: what,
    value: `unknown of ${unknown} of ${size} requests`,
    expected:
      "the time of the first token and of the finish of every request, as a recording against a " +
      "server has them: a trace without them cannot be compared",
  });
}

/** vLLM's time to first token leaves its queue out. */
function serverTimes({ durations }: Measured) {
  const { server_queue: queue, server_ttft: ttft, server_generation: generation } = durations ?? {};
  if (queue === undefined || ttft === undefined || generation === undefined) return {};
  return {
    serverTtft: ttft.map((seconds, row) => seconds + queue[row]),
    serverGeneration: generation,
  };
}

/**
 * Reads the JSON beside a recorded run. A CPU server schedules synchronously, whatever it was told
 * (vLLM reference §4): `async_scheduling` defaults to false where `vllm` says CPU. A run whose prompts
 * nobody recorded shares nothing: `enable_prefix_caching` defaults to false, as the recordings without
 * prompts were made.
 */
export function readRunDescription(text: string, source: string): RunDescription {
  const raw = parseJson(text, source);
  const loose = parseWith(
    z.looseObject({ vllm: z.string().optional(), server: z.looseObject({}) }),
    raw,
    source,
  );
  const synchronous = /cpu/i.test(loose.vllm ?? "");
  const deciding = Object.entries(loose.server).filter(([flag]) => !WITHOUT_EFFECT.includes(flag));
  const server = {
    enable_prefix_caching: false,
    ...(synchronous ? { async_scheduling: false } : {}),
    ...Object.fromEntries(deciding),
  };
  return parseWith(RunDescription, { ...loose, server }, source);
}
