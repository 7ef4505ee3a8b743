import { parse as parseYaml } from "yaml";
import * as z from "zod";
import { InputError } from "../../../errors/input-error.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import type { Labels, Requests } from "../../workload.ts";
import { assembleTrace, type RequestColumns } from "../parsing/assemble-trace.ts";
import { LabelBuilder } from "../parsing/builders.ts";
import {
  countColumn,
  INT32_MAX,
  labelColumn,
  optionalLabelColumn,
  orBlank,
  tokensColumn,
} from "../parsing/columns.ts";
import { decodeText } from "../parsing/decode-text.ts";
import { hasColumns } from "../parsing/head.ts";
import { wholeText } from "../parsing/logged-requests.ts";
import { csvRowReader } from "../parsing/read-csv.ts";
import { instantsOutOfOrder } from "../parsing/instant-order.ts";
import { type BlisBlocks, blisBlocks, type BlisSessions } from "./blis-blocks.ts";
import { type BlisPrompts, blisPrompts } from "./blis-prompts.ts";
import type { ReadContext, ReadTrace, TraceFormat, UnservedStatus } from "../trace-format.ts";

/** Microseconds of a date: a clock that shows more than 1e9 s counts from 1970. */
const DATE_US = 1e15;

/** BLIS's classes of service, most urgent first. No class is `standard`. */
export const SLO_CLASSES = ["critical", "standard", "sheddable", "batch", "background"] as const;

function microsecondsColumn(description: string) {
  return z.int().min(0).max(Number.MAX_SAFE_INTEGER).meta({ description, unit: "microseconds" });
}

const text = (description: string) => optionalLabelColumn(description).optional();
const tokens = (description: string) => tokensColumn(description, { min: 0 }).optional();
const instant = (description: string) => orBlank(microsecondsColumn(description)).optional();

/** A row of a BLIS trace; columns beyond what a replay needs may be missing. */
export const BlisRow = z.strictObject({
  request_id: countColumn("number of the request"),
  client_id: text("client"),
  tenant_id: text("tenant"),
  slo_class: text("class of service; empty: standard"),
  vllm_priority: countColumn("vLLM's priority, lower is more urgent").optional(),
  session_id: text("conversation"),
  round_index: countColumn("place in the conversation, from 0").optional(),
  prefix_group: text("requests of one group share their prompts' beginning"),
  prefix_length: tokens("length of that beginning"),
  streaming: text("whether the answer was streamed"),
  input_tokens: tokensColumn("length of the prompt after the shared beginning", { min: 0 }),
  output_tokens: tokensColumn("length of the answer", { min: 0 }),
  text_tokens: tokens("part of the prompt that is text"),
  image_tokens: tokens("part of the prompt that is images"),
  audio_tokens: tokens("part of the prompt that is sound"),
  video_tokens: tokens("part of the prompt that is video"),
  reason_ratio: z.number().min(0).max(1)
    .meta({ description: "share of the answer that is reasoning" }).optional(),
  model: text("model; empty: the default one"),
  deadline_us: instant("when the client gives up; 0: never"),
  slo_target_us: instant("time to first token asked for; 0: none"),
  server_input_tokens: tokens("length of the prompt as the server counts it; 0: not recorded"),
  arrival_time_us: orBlank(microsecondsColumn("arrival")),
  send_time_us: instant("when the client sent it"),
  first_chunk_time_us: instant("first chunk; 0: none came"),
  last_chunk_time_us: instant("last chunk; 0: none came"),
  num_chunks: countColumn("chunks").optional(),
  status: labelColumn("how it ended: ok, error, timeout or incomplete"),
  error_message: z.string().max(65_536).meta({ description: "what went wrong" }).optional(),
  finish_reason: text("why the answer ended, by the server"),
  input_tokens_reset: z.string().regex(/^[0-9]{0,9}$/).meta({
    description: "length of the whole prompt where a session was made shorter; empty: it was not",
    unit: "tokens",
    expected: "a number of tokens, or nothing",
  }).optional(),
  x_request_id: text("id sent in the header"),
  adapter: text("LoRA adapter"),
});
type BlisRow = z.output<typeof BlisRow>;

/** What the YAML beside the CSV says. */
export const BlisHeader = z.looseObject({
  trace_version: z.int().min(2).max(3),
  time_unit: z.enum(["microseconds", "us"]),
  mode: z.string(),
  warm_up_requests: z.int().min(0).default(0),
  session_context_growth: z.enum(["accumulate", ""]).nullish(),
});

/** Columns that clients send along, kept as `extra` where any row has one, by what they hold. */
export const BLIS_EXTRA = {
  counts: [
    ...["vllm_priority", "round_index", "prefix_length", "text_tokens", "image_tokens"] as const,
    ...["audio_tokens", "video_tokens", "server_input_tokens"] as const,
  ],
  microseconds: ["deadline_us", "slo_target_us"] as const,
  texts: ["client_id", "prefix_group", "streaming", "adapter"] as const,
} as const;
/** Columns of the answer, or of no use here. */
const UNUSED = ["reason_ratio", "num_chunks", "error_message", "finish_reason", "x_request_id"];

/** What a BLIS trace leaves open. */
export const BlisOptions = z.strictObject({
  /**
   * What rounds of a session share, see {@link BlisSessions}. `accumulate`: `input_tokens` of a round is
   * what it adds to the round before and the answer to it; `auto` does so where the YAML header says
   * `session_context_growth: accumulate`.
   */
  sessions: z.enum(["auto", "apart", "grow", "accumulate"]).default("auto"),
});
export type BlisOptions = z.output<typeof BlisOptions>;

const ENDS: Readonly<Record<string, UnservedStatus>> = {
  error: "failed",
  timeout: "cancelled",
  incomplete: "cancelled",
};

/**
 * TraceV2 of BLIS, the simulator inference-sim: a CSV file and a YAML header beside it (same name,
 * `.yaml`), microseconds. A prompt is its shared beginning and the rest: prompts of one
 * `prefix_group` begin with the same `prefix_length` tokens, a prompt block. What rounds of a session
 * share the header says at best; the option `sessions` does, and the report. A prompt is as long as the
 * server counted it where that is recorded. Tenants are `tenant_id`, or
 * clients where no row has one; classes of service are tiers, most urgent first. Rows that did not
 * end `ok` are set aside and are among the trace's `unserved`: an error as failed, a timeout or what
 * was still running as cancelled.
 */
export const blisTrace: TraceFormat<BlisOptions> = {
  name: "blis-tracev2",
  title: "BLIS TraceV2",
  row: BlisRow,
  options: BlisOptions,
  companions: [{
    role: "header",
    title: "the YAML header of the trace",
    required: false,
    beside(name) {
      const stem = name.replace(/\.(?:gz|zst)$/, "").replace(/\.csv$/, "");
      return [`${stem}.yaml`, `${stem}.yml`, `${stem}-header.yaml`, `${stem}_header.yaml`];
    },
  }],
  recognise: (head) =>
    hasColumns(head, ["request_id", "input_tokens", "output_tokens", "arrival_time_us", "status"])
      ? "header with request_id, input_tokens, output_tokens, arrival_time_us and status"
      : undefined,
  reader(context) {
    const { log } = context;
    const header = readHeader(context);
    const served: BlisRow[] = [];
    const unserved: BlisRow[] = [];
    const used = new Set<string>();
    const csv = csvRowReader(BlisRow, {
      log,
      take(cells) {
        const row = { ...cells, arrival_time_us: cells.arrival_time_us ?? NaN };
        if (isAnswered(row) && Number.isNaN(row.arrival_time_us)) {
          return { field: "arrival_time_us", value: "", expected: "when the request arrived" };
        }
        for (const name of UNUSED) if (row[name as keyof BlisRow]) used.add(name);
        // A later round of a session that accumulates may add nothing.
        const adds = accumulates(header, context) && row.session_id && (row.round_index ?? 0) > 0;
        if (row.status === "ok" && row.input_tokens + (row.prefix_length ?? 0) === 0 && !adds) {
          const expected = "at least 1 with prefix_length";
          return { field: "input_tokens", value: row.input_tokens, expected };
        }
        const length = (row.prefix_length ?? 0) + row.input_tokens;
        if (length > INT32_MAX) {
          const expected = `at most ${INT32_MAX} with prefix_length`;
          return { field: "input_tokens", value: row.input_tokens, expected };
        }
        const wrong = instantsOutOfOrder({
          arrival: row.arrival_time_us / 1e6,
          sent: secondsOf(row.send_time_us),
          firstToken: secondsOf(row.first_chunk_time_us),
          finish: secondsOf(row.last_chunk_time_us),
        }, NAMES);
        if (wrong !== undefined && isAnswered(row)) {
          return { ...wrong, value: row[wrong.field as keyof BlisRow] };
        }
        if (isAnswered(row)) {
          served.push(row);
          return;
        }
        unserved.push(row);
        return {
          setAside: row.status === "ok"
            ? "requests that ended ok without an answer"
            : "requests that did not end ok",
        };
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        log.columnsIgnored.push(...UNUSED.filter((name) => used.has(name)));
        return assemble(context, { header, served, unserved });
      },
    };
  },
};

const NAMES = {
  arrival: "arrival_time_us",
  sent: "send_time_us",
  firstToken: "first_chunk_time_us",
  finish: "last_chunk_time_us",
};

const secondsOf = (us: number | undefined) => us ? us / 1e6 : NaN;

/** Whether an answer of several tokens came in one chunk, by what the trace says of its chunks. */
function isWhole(row: BlisRow): boolean {
  return row.output_tokens > 1 && row.num_chunks === 1;
}

function isAnswered({ status, output_tokens: output }: BlisRow): boolean {
  return status === "ok" && output > 0;
}

function readHeader(
  { log, companions }: ReadContext<BlisOptions>,
): z.output<typeof BlisHeader> | undefined {
  const bytes = companions.get("header");
  if (bytes === undefined) {
    log.assumptions.push("times are in microseconds: no YAML header gives another unit");
    return undefined;
  }
  const file = `header of ${log.source}`;
  const header = parseWith(BlisHeader, yamlOf(decodeText(bytes, file), file), file);
  if (header.warm_up_requests > 0) {
    log.assumptions.push(`the first ${header.warm_up_requests} requests, a warm-up, are kept`);
  }
  return header;
}

function yamlOf(yaml: string, file: string): unknown {
  try {
    return parseYaml(yaml, { logLevel: "error" });
  } catch (error) {
    const [line] = (error as Error).message.split("\n", 1);
    throw new InputError({ file, expected: `YAML: ${line}` });
  }
}

function assemble(
  context: ReadContext<BlisOptions>,
  { header, served, unserved }: {
    header: z.output<typeof BlisHeader> | undefined;
    served: readonly BlisRow[];
    unserved: readonly BlisRow[];
  },
): ReadTrace {
  const all = [...served, ...unserved];
  // One without an answer may have no time, and sets none.
  const earliest = served.reduce((least, row) => Math.min(least, row.arrival_time_us), Infinity);
  const dates = earliest >= DATE_US && served.length > 0;
  const first = dates ? earliest : 0;
  if (dates) {
    context.log.assumptions.push(
      `time 0 is that of the first request, at ${first} µs since 1970`,
    );
  }
  const arrivalOf = ({ arrival_time_us: us }: BlisRow) =>
    dates && us < DATE_US ? NaN : (us - first) / 1e6;
  const seconds = (us: number | undefined) => us ? (us - first) / 1e6 : NaN;
  const sinceFirst = (us: number | undefined) => us ? us - first : us;
  const clients = all.every((row) => !row.tenant_id) && all.some((row) => row.client_id);
  if (clients) context.log.assumptions.push("tenants are clients: no row has a tenant_id");
  const ranks = ranksOf(all);
  /** Columns that say no more than is said already are not kept. */
  const told: Partial<Record<keyof BlisRow, boolean>> = {
    client_id: clients,
    vllm_priority: ranks.told,
    streaming: all.every((row) => row.streaming === "true"),
  };
  const kept = (name: keyof BlisRow) => all.some((row) => row[name]) && !told[name];
  const groups = new Map<string, number>();
  const { sessions } = context.options;
  const accumulate = accumulates(header, context);
  const prompts = blisPrompts(all, { accumulate, file: context.log.source });
  const promptOf = (row: BlisRow) => prompts.of.get(row)!;
  const lengthOf = (row: BlisRow) => {
    const { prefix, input } = promptOf(row);
    if (prefix + input <= INT32_MAX) return prefix + input;
    const field = `input_tokens of request ${row.request_id}`;
    const expected = `at most ${INT32_MAX} with prefix_length`;
    throw new InputError({ file: context.log.source, field, value: prefix + input, expected });
  };
  const shared = blisBlocks(
    served.map(promptOf),
    accumulate ? "grow" : sessions as BlisSessions,
    groups,
  );
  sayPrompts(prompts, { accumulate, shared, header }, context);
  const columns = (
    rows: readonly BlisRow[],
    { promptBlocks }: Pick<BlisBlocks, "promptBlocks">,
  ): RequestColumns => ({
    ...promptBlocks && { promptBlocks },
    arrival: Float64Array.from(rows, arrivalOf),
    promptTokens: Int32Array.from(rows, lengthOf),
    ...(clients || kept("tenant_id")) && {
      tenant: labels(rows, (row) => (clients ? row.client_id : row.tenant_id) || "default"),
    },
    ...kept("slo_class") && {
      // Of both groups of rows the same names, so that their order is known of both.
      tier: {
        codes: Uint16Array.from(rows, (row) => ranks.order.indexOf(classOf(row))),
        names: ranks.order,
      },
    },
    ...kept("session_id") && { session: labels(rows, (row) => row.session_id ?? "") },
    ...kept("model") && { model: labels(rows, (row) => row.model ?? "") },
    ...extraOf(rows.map((row) => ({ ...row, deadline_us: sinceFirst(row.deadline_us) })), kept),
  });
  const times = served.some((row) =>
    row.first_chunk_time_us || row.last_chunk_time_us ||
    (row.send_time_us && row.send_time_us !== row.arrival_time_us)
  );
  const whole = served.filter((row) => isWhole(row) && row.first_chunk_time_us).length;
  if (whole > 0) context.log.assumptions.push(wholeText(whole));
  const trace = assembleTrace(context, {
    name: "BLIS trace",
    served: {
      ...columns(served, shared),
      outputTokens: Int32Array.from(served, (row) => row.output_tokens),
    },
    ...times && {
      measured: {
        sent: Float64Array.from(
          served,
          (row) =>
            row.send_time_us === row.arrival_time_us ? arrivalOf(row) : seconds(row.send_time_us),
        ),
        firstToken: Float64Array.from(
          served,
          (row) => isWhole(row) ? NaN : seconds(row.first_chunk_time_us),
        ),
        finish: Float64Array.from(served, (row) => seconds(row.last_chunk_time_us)),
      },
    },
    unserved: {
      ...columns(unserved, blisBlocks(unserved.map(promptOf), "apart", groups)),
      status: labels(unserved, (row) => ENDS[row.status] ?? "failed"),
      finish: Float64Array.from(unserved, (row) => seconds(row.last_chunk_time_us)),
    },
  });
  if (header === undefined) return trace;
  const provenance = { ...trace.workload.provenance, parameters: header };
  return { ...trace, workload: { ...trace.workload, provenance } };
}

function accumulates(
  header: z.output<typeof BlisHeader> | undefined,
  { options: { sessions } }: ReadContext<BlisOptions>,
): boolean {
  return sessions === "accumulate" ||
    (sessions === "auto" && header?.session_context_growth === "accumulate");
}

function sayPrompts(
  { counted, more, grouped, accumulated }: BlisPrompts<BlisRow>,
  { accumulate, shared, header }: {
    accumulate: boolean;
    shared: BlisBlocks;
    header: z.output<typeof BlisHeader> | undefined;
  },
  { log, options }: ReadContext<BlisOptions>,
): void {
  if (counted > 0) {
    log.assumptions.push(
      `prompts of ${counted} requests are as long as the server counted (server_input_tokens), ` +
        `${Number((more / counted).toPrecision(4))} tokens more on the average than the client did`,
    );
  }
  if (grouped > 0) {
    log.assumptions.push(
      `server_input_tokens of ${grouped} requests with a prefix_group are not used: their prompts are ` +
        "prefix_length and input_tokens, as BLIS replays them",
    );
  }
  if (accumulate) {
    log.assumptions.push(
      `input_tokens of ${accumulated} later rounds are what they add to the round before and its answer, ` +
        (options.sessions === "accumulate"
          ? "as the option sessions says"
          : "as session_context_growth of the YAML header says"),
    );
  } else if (shared.sessions > 0) {
    const ignored = header?.session_context_growth === "accumulate"
      ? ", although session_context_growth of the YAML header says that they accumulate"
      : "";
    log.assumptions.push(
      shared.growing > 0
        ? `rounds of a session hold the prompts and answers before: ${shared.growing} of ` +
          `${shared.sessions} sessions, whose rounds are long enough${ignored}`
        : `rounds of a session share no more than the beginning of their prefix_group${ignored}`,
    );
  }
}

function classOf(row: BlisRow): string {
  return row.slo_class || "standard";
}

/** Classes of service by urgency: by vLLM's priority where each class has one, or by their names. */
function ranksOf(rows: readonly BlisRow[]): { order: readonly string[]; told: boolean } {
  const priorities = new Map<string, Set<number>>();
  for (const row of rows) {
    const name = classOf(row);
    const known = priorities.get(name) ?? new Set();
    priorities.set(name, known.add(row.vllm_priority ?? 0));
  }
  const names = [
    ...SLO_CLASSES.filter((name) => priorities.has(name)),
    ...[...priorities.keys()].filter((name) => !(SLO_CLASSES as readonly string[]).includes(name)),
  ];
  if (names.some((name) => priorities.get(name)!.size > 1)) return { order: names, told: false };
  const priority = (name: string) => [...priorities.get(name)!][0];
  const order = names.toSorted((a, b) => priority(a) - priority(b));
  return { order, told: order.every((name, rank) => priority(name) === rank) };
}

function extraOf(
  rows: readonly BlisRow[],
  kept: (name: keyof BlisRow) => boolean,
): { extra?: Requests["extra"] } {
  const extra: Record<string, Labels | Int32Array | Float64Array> = {};
  for (const name of BLIS_EXTRA.texts) {
    if (kept(name)) extra[name] = labels(rows, (row) => row[name] ?? "");
  }
  for (const name of BLIS_EXTRA.counts) {
    if (kept(name)) extra[name] = Int32Array.from(rows, (row) => row[name] ?? 0);
  }
  for (const name of BLIS_EXTRA.microseconds) {
    if (kept(name)) extra[name] = Float64Array.from(rows, (row) => row[name] ?? 0);
  }
  return Object.keys(extra).length > 0 ? { extra } : {};
}

function labels(rows: readonly BlisRow[], name: (row: BlisRow) => string): Labels {
  const builder = new LabelBuilder();
  for (const row of rows) builder.push(name(row));
  return builder.finish();
}
