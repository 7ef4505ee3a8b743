import { z } from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { POLICIES } from "../../policies/registry.ts";
import { readCsv } from "../../workload/readers/read-csv.ts";
import { ReadLog } from "../../workload/readers/read-log.ts";
import type { ReadReport } from "../../workload/readers/read-report.ts";
import { ServerFields } from "../continuous/config.ts";

const seconds = z.number().min(0);
const tokens = z.int().min(1);
const id = z.string().min(1);

/** Columns of a `requests.csv`; times in seconds since the run's start. */
export const RequestsCsv = z.object({
  id,
  arrival_s: seconds,
  prompt_tokens: tokens,
  output_tokens: tokens,
  priority: z.int().optional(),
  tier: z.int().min(0).max(255).optional(),
  first_token_s: seconds,
  finished_s: seconds,
});

/** Columns of the log of 160 requests on a real L4 (bytes-per-token, MIT). */
const L4Csv = z.object({
  id,
  scheduled_s: seconds,
  prompt_len: tokens,
  output_tokens: tokens,
  first_token_s: seconds,
  finished_s: seconds,
});

/** Flags of vLLM that a recording may name and that decide nothing here. */
const WITHOUT_EFFECT = [
  ...["model", "served_model_name", "dtype", "load_format", "seed", "host", "port"],
  ...["gpu_memory_utilization", "enforce_eager", "enable_logging_iteration_details"],
  ...["enable_per_request_metrics", "skip_tokenizer_init", "generation_config"],
];

/** What stands beside a recorded run: the server's flags under vLLM's names, and the client. */
export const RunDescription = z.object({
  server: ServerFields.extend({
    /** The simulated server has none: a recording made with it can't be simulated. */
    enable_prefix_caching: z.literal(false).default(false),
  }).transform(({ enable_prefix_caching: _, ...server }) => server),
  client: z.strictObject({
    /** Requests open at the server at most. */
    in_flight_window: z.int().min(1),
    /** The client's queue: a policy of ours by name. */
    order: z.enum(POLICIES.map(({ name }) => name) as [string, ...string[]]),
  }).nullable().default(null),
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
}

interface Row {
  readonly id: string;
  readonly arrival: number;
  readonly prompt: number;
  readonly output: number;
  readonly priority: number;
  readonly tier: number;
  readonly firstToken: number;
  readonly finish: number;
}

/**
 * Reads a recorded run's requests: `arrival_s, prompt_tokens, output_tokens, first_token_s,
 * finished_s` and perhaps `priority` and `tier`, or the columns of the L4's log. Throws an
 * InputError for a bad row, and one whose times run backwards.
 */
export function readRecordedRequests(
  input: Uint8Array | string,
  source: string,
): { requests: RecordedRequests; report: ReadReport } {
  const text = typeof input === "string" ? input : new TextDecoder().decode(input);
  const log = new ReadLog(source, "recorded run");
  const rows: Row[] = [];
  const keep = (row: Row) => {
    if (row.firstToken < row.arrival || row.finish < row.firstToken) {
      return {
        field: row.finish < row.firstToken ? "finished_s" : "first_token_s",
        value: row.finish < row.firstToken ? row.finish : row.firstToken,
        expected: "arrival, first token and finish in order of time",
      };
    }
    rows.push(row);
  };
  if (text.slice(0, text.indexOf("\n")).includes("prompt_len")) {
    readCsv(text, L4Csv, {
      log,
      take: (row) =>
        keep({
          ...row,
          arrival: row.scheduled_s,
          prompt: row.prompt_len,
          output: row.output_tokens,
          priority: 0,
          tier: 0,
          firstToken: row.first_token_s,
          finish: row.finished_s,
        }),
    });
  } else {
    readCsv(text, RequestsCsv, {
      log,
      take: (row) =>
        keep({
          ...row,
          arrival: row.arrival_s,
          prompt: row.prompt_tokens,
          output: row.output_tokens,
          priority: row.priority ?? 0,
          tier: row.tier ?? Math.min(Math.max(row.priority ?? 0, 0), 255),
          firstToken: row.first_token_s,
          finish: row.finished_s,
        }),
    });
  }
  const report = log.finish({});
  rows.sort((a, b) => a.arrival - b.arrival || compareIds(a.id, b.id));
  const column = (of: (row: Row) => number) => rows.map(of);
  return {
    report,
    requests: {
      size: rows.length,
      id: rows.map((row) => row.id),
      arrival: Float64Array.from(column((row) => row.arrival)),
      promptTokens: Int32Array.from(column((row) => row.prompt)),
      outputTokens: Int32Array.from(column((row) => row.output)),
      priority: Int32Array.from(column((row) => row.priority)),
      tier: Uint8Array.from(column((row) => row.tier)),
      firstToken: Float64Array.from(column((row) => row.firstToken)),
      finish: Float64Array.from(column((row) => row.finish)),
    },
  };
}

/** Numbers by value, so that 10 comes after 9. */
function compareIds(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/**
 * Reads the JSON beside a recorded run. A CPU server schedules synchronously, whatever it was told
 * (vLLM reference §4): `async_scheduling` defaults to false where `vllm` says CPU.
 */
export function readRunDescription(text: string, source: string): RunDescription {
  const raw: unknown = parseJson(text, source);
  const loose = parseWith(
    z.looseObject({ vllm: z.string().optional(), server: z.looseObject({}) }),
    raw,
    source,
  );
  const synchronous = /cpu/i.test(loose.vllm ?? "");
  const deciding = Object.entries(loose.server).filter(([flag]) => !WITHOUT_EFFECT.includes(flag));
  const server = {
    ...(synchronous ? { async_scheduling: false } : {}),
    ...Object.fromEntries(deciding),
  };
  return parseWith(RunDescription, { ...loose, server }, source);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError({ file: source, expected: `JSON: ${(error as Error).message}` });
  }
}
