import * as z from "zod";
import { ArrivalOptions } from "../parsing/assumed-arrivals.ts";
import { countColumn, optionalLabelColumn } from "../parsing/columns.ts";
import { hasKeys } from "../parsing/head.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import { LoggedRequests } from "../parsing/logged-requests.ts";
import { NanosecondClock, nanosecondsColumn } from "../parsing/nanoseconds.ts";
import type { RowProblem, RowVerdict } from "../parsing/row-verdict.ts";
import type { TraceFormat } from "../trace-format.ts";

/** Seconds in AIPerf's units of time, by the names that it writes. */
const SECONDS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-9],
  ["us", 1e-6],
  ["ms", 1e-3],
  ["s", 1],
  ["sec", 1],
]);
const UNITS = [...SECONDS.keys()];

const metric = z.looseObject({
  value: z.unknown().optional().meta({ description: "in its unit" }),
  unit: z.string().max(64).meta({ description: "tokens, ms, …" }),
});
type Metrics = Readonly<Record<string, z.output<typeof metric> | undefined>>;

/** A record, of one request. */
export const AiPerfRow = z.looseObject({
  metadata: z.looseObject({
    benchmark_phase: z.string().max(64).meta({ description: "warmup or profiling" }),
    request_start_ns: nanosecondsColumn("when it was sent"),
    request_ack_ns: nanosecondsColumn("when the server took it, which is no token").nullish(),
    request_end_ns: nanosecondsColumn("when its answer was there, or its error").nullish(),
    credit_issued_ns: nanosecondsColumn("when the schedule wanted it to be sent").nullish(),
    x_request_id: optionalLabelColumn("name of the request").nullish(),
    x_correlation_id: optionalLabelColumn("one run of a conversation").nullish(),
    conversation_id: optionalLabelColumn("conversation of the data set").nullish(),
    turn_index: countColumn("place in the conversation").nullish(),
    was_cancelled: z.boolean().meta({ description: "whether the client gave up" }).nullish(),
  }),
  metrics: z.record(z.string(), metric).meta({ description: "what was measured, with units" })
    .nullish(),
  error: z.unknown().optional().meta({ description: "what went wrong; null: nothing" }),
});
type AiPerfRow = z.output<typeof AiPerfRow>;

/** Lengths, the best known first: AIPerf counts tokens itself unless it was told to ask the server. */
const PROMPT = ["input_sequence_length", "usage_prompt_tokens"];
const OUTPUT = ["output_sequence_length", "usage_completion_tokens"];
const CACHED = ["usage_prompt_cache_read_tokens"];

/**
 * The records that AIPerf writes for each request, `profile_export.jsonl`. A request arrives when its
 * credit was issued, where the file says that, and else when it was sent; the first token and the last
 * come `time_to_first_token` and `request_latency` later, as AIPerf itself counts. That the server
 * acknowledged a request is no token. Requests of the warm-up are set aside; cancelled ones and those
 * with an error are among the trace's `unserved`. A session is one run of a conversation: the second
 * run of `c` is called `c (2)`.
 *
 * Times are nanoseconds since 1970, which JSON's numbers round to 256 ns: differences are right to
 * 0.3 µs.
 *
 * Source: ai-dynamo/aiperf, `src/aiperf/common/models/record_models.py`, at 017c63d.
 */
export const aiPerf: TraceFormat<ArrivalOptions> = {
  name: "aiperf",
  title: "AIPerf's records of requests (profile_export.jsonl)",
  row: AiPerfRow,
  options: ArrivalOptions,
  recognise(head) {
    const { metadata } = (head.json ?? {}) as { readonly metadata?: unknown };
    const isRecord = hasKeys(head, ["metadata", "metrics"]) &&
      hasKeys({ ...head, json: metadata }, ["request_start_ns", "benchmark_phase"]);
    return isRecord
      ? "JSON lines with metrics and metadata, which has request_start_ns and benchmark_phase"
      : undefined;
  },
  reader(context) {
    const { log } = context;
    const requests = new LoggedRequests(context, { name: "AIPerf records", names: NAMES });
    const clock = new NanosecondClock();
    return jsonLinesReader({
      log,
      schema: AiPerfRow,
      take: recordReader(requests, clock),
      end() {
        log.assumptions.push(...clock.assumptions());
        return requests.finish();
      },
    });
  },
};

const NAMES = {
  arrival: "metadata.request_start_ns",
  sent: "metadata.request_start_ns",
  firstToken: "metrics.time_to_first_token",
  finish: "metrics.request_latency",
  promptTokens: "metrics.input_sequence_length",
  outputTokens: "metrics.output_sequence_length",
  cachedTokens: "metrics.usage_prompt_cache_read_tokens",
};

function recordReader(
  requests: LoggedRequests,
  clock: NanosecondClock,
): (row: AiPerfRow) => RowVerdict {
  const sessionOf = sessionNames();
  return ({ metadata, metrics, error }) => {
    if (metadata.benchmark_phase === "warmup") return { setAside: "requests of the warm-up" };
    const isAnswered = !metadata.was_cancelled && (error === null || error === undefined);
    const measured = isAnswered ? measuredOf(metrics ?? {}) : {};
    if ("expected" in measured) return measured;
    const { ttft = NaN, latency = NaN, ...lengths } = measured;
    const sent = clock.seconds(metadata.request_start_ns);
    const issued = clock.seconds(metadata.credit_issued_ns);
    const end = clock.seconds(metadata.request_end_ns);
    return requests.take({
      arrival: issued < sent ? issued : sent,
      sent,
      firstToken: sent + ttft,
      inOnePiece: Number.isNaN(ttft),
      finish: Number.isNaN(latency) ? end : sent + latency,
      ...lengths,
      ...!isAnswered && { status: metadata.was_cancelled ? "cancelled" : "failed" },
      session: sessionOf(metadata),
      extra: {
        ...metadata.x_request_id && { x_request_id: metadata.x_request_id },
        ...typeof metadata.turn_index === "number" && { turn_index: metadata.turn_index },
      },
    });
  };
}

/** Lengths in tokens and durations in seconds of an answer; or what is wrong with one of them. */
function measuredOf(metrics: Metrics) {
  const found = {
    promptTokens: valueOf(metrics, PROMPT),
    outputTokens: valueOf(metrics, OUTPUT),
    cachedTokens: valueOf(metrics, CACHED),
    ttft: valueOf(metrics, ["time_to_first_token"], SECONDS),
    latency: valueOf(metrics, ["request_latency"], SECONDS),
  };
  for (const value of Object.values(found)) if (typeof value === "object") return value;
  return found as Readonly<Partial<Record<keyof typeof found, number>>>;
}

/** The first of some metrics that the record has, by its unit where there are `units`. */
function valueOf(
  metrics: Metrics,
  names: readonly string[],
  units?: ReadonlyMap<string, number>,
): number | RowProblem | undefined {
  const name = names.find((each) => typeof metrics[each]?.value === "number");
  const wrong = names.find((each) => metrics[each] !== undefined && name === undefined);
  if (wrong !== undefined) {
    const { value } = metrics[wrong]!;
    return { field: `metrics.${wrong}.value`, value, expected: "a number" };
  }
  if (name === undefined) return undefined;
  const { value, unit } = metrics[name] as { readonly value: number; readonly unit: string };
  const scale = units === undefined ? 1 : units.get(unit);
  if (scale === undefined) {
    const expected = `a unit of time: ${UNITS.join(", ")}`;
    return { field: `metrics.${name}.unit`, value: unit, expected };
  }
  if (value < 0 || !Number.isFinite(value)) {
    return { field: `metrics.${name}.value`, value, expected: "a finite number, at least 0" };
  }
  return value * scale;
}

/** Names sessions: by the conversation, and from its second run on with the run's number. */
function sessionNames(): (metadata: AiPerfRow["metadata"]) => string | undefined {
  const runs = new Map<string, Map<string, string>>();
  return ({ conversation_id: conversation, x_correlation_id: run }) => {
    if (!conversation) return run || undefined;
    const names = runs.get(conversation) ?? new Map<string, string>();
    runs.set(conversation, names);
    const key = run ?? "";
    const name = names.get(key) ??
      (names.size === 0 ? conversation : `${conversation} (${names.size + 1})`);
    names.set(key, name);
    return name;
  };
}
