/**
 * `deno task live [SPEC.json | --trace FILE | --paper N] --server URL[=MODEL]… --out DIR […]`: runs a
 * workload against vLLM servers (or twins), dispatched by the scheduler that simulations use. Every
 * transition is in DIR/journal.jsonl before it is acted on: after Ctrl-C, a crash or `kill -9` the
 * same command with `--resume` goes on. A key comes from the environment (VLLM_API_KEY).
 */
import { resolve } from "node:path";
import { type Latency, latencyOf } from "../analysis/latency.ts";
import { InputError } from "../errors/input-error.ts";
import { liveProgress } from "../notebook/live-progress.ts";
import { LATENCY_TITLES } from "../runs/latencies.ts";
import { STATUSES } from "../runs/run.ts";
import { LiveInterrupted, type LiveResult } from "../live/live.ts";
import type { LiveOptionsInput } from "../live/live-options.ts";
import { live } from "../paper/live.ts";
import { paperWorkload } from "../paper/workload.ts";
import { quantile } from "../statistics/quantile.ts";
import { openTrace } from "../traces/open-trace.ts";
import { capLengths } from "../workload/transforms/cap-lengths.ts";
import { firstRows } from "../workload/transforms/first-rows.ts";
import type { Workload } from "../workload/workload.ts";
import { cwd, exitWith, inputPath, readArguments } from "./command-line.ts";
import { dispatchOf } from "./dispatch-argument.ts";
import { baseTokensOf, LABEL_USAGE, withCategories, withTenants } from "./label-arguments.ts";
import {
  TRACE_OPTIONS,
  TRACE_USAGE,
  type TraceArguments,
  traceOptions,
} from "./trace-arguments.ts";
import { workloadOfSpec } from "./workload-of-spec.ts";

const USAGE = `Usage: deno task live WORKLOAD --server URL[=MODEL] --out DIR [options]

workload (one of)
  SPEC.json                 a workload spec
  --trace FILE              a trace of any known format, or an earlier run
  --paper N                 N requests of the paper's workload
  --requests N              only the first N requests
  --context N               cut prompts and answers so that they fit in N tokens together
  --seed N                  seed of the workload, of drawn prompts and of jitter; default 1
${LABEL_USAGE}

how a trace is read
${TRACE_USAGE}

gateway
  --server URL[=MODEL]      a server; several share the load
  --any-server              take servers that are not known to be vLLM, SGLang or llama.cpp
  --policy NAME             default fifo
  --calibrator NAME         default ema; none: do not learn
  --counting split|tokenizer   default split; tokenizer where the workload has only lengths
  --dispatch RULE           in-flight[:N] (default 32 a server), micro-batch, pass-through (a vLLM
                            started with --scheduling-policy priority)
  --attempts N              most attempts per request; default 4

prompts
  --endpoint completions|chat
  --prompts auto|text|token-ids|words
                            auto: the workload's text; of lengths alone token ids, in a chat words
  --answer-lengths auto|server|workload

time (seconds)
  --time real|virtual|SPEED default real; virtual and SPEED are for twins
  --warm-up N               requests to each server before the run, which count for nothing;
                            default 8 short ones for a twin, else 0
  --ramp S  --time-limit S  --drain S  --cooldown S
  --first-byte S  --between-chunks S    silence after which an attempt counts as stalled

  --out DIR                 folder of the journal and the results
  --resume                  continue the run in DIR
  --sync second|always|never   when the journal waits for the disk
  --allow-failures          exit with 0 although requests failed or were rejected
  --json                    print the summary as JSON

Exit code: 0 when every request completed (or was cancelled by --time-limit), 1 when requests failed
or were rejected, when none completed, or when the input was refused, 130 when interrupted.`;

const STRING_OPTIONS = [
  "trace",
  "paper",
  "requests",
  "context",
  "seed",
  "tenants",
  "categories",
  "base-tokens",
  "policy",
  "calibrator",
  "counting",
  "dispatch",
  "attempts",
  "endpoint",
  "prompts",
  "answer-lengths",
  "time",
  "ramp",
  "warm-up",
  "time-limit",
  "drain",
  "cooldown",
  "first-byte",
  "between-chunks",
  "out",
  "sync",
] as const;
type StringOption = (typeof STRING_OPTIONS)[number];
type Values = TraceArguments & { readonly [K in StringOption]?: string } & {
  readonly server?: string[];
  readonly "any-server"?: boolean;
  readonly resume?: boolean;
  readonly "allow-failures"?: boolean;
  readonly json?: boolean;
  readonly help?: boolean;
};

function parse(args: readonly string[]) {
  const strings = Object.fromEntries(STRING_OPTIONS.map((name) => [name, { type: "string" }]));
  const { values, positionals } = readArguments({
    args: [...args],
    options: {
      ...strings as { [K in StringOption]: { type: "string" } },
      ...TRACE_OPTIONS,
      server: { type: "string", multiple: true },
      "any-server": { type: "boolean" },
      resume: { type: "boolean" },
      "allow-failures": { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
    allowPositionals: true,
  });
  return { values: values as Values, positionals };
}

function refuse(field: string, value: unknown, expected: string): never {
  throw new InputError({ file: "command line", field, value, expected });
}

/** A number of an option; undefined where it is absent. */
function number(values: Values, name: StringOption): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : refuse(`--${name}`, text, "a number");
}

async function workloadOf(values: Values, positionals: readonly string[]): Promise<Workload> {
  const sources = [positionals[0], values.trace, values.paper].filter((each) => each !== undefined);
  if (sources.length !== 1 || positionals.length > 1) {
    refuse("workload", sources.join(" ") || "none", "one of SPEC.json, --trace FILE, --paper N");
  }
  if (values.paper !== undefined) {
    return paperWorkload({ requests: number(values, "paper"), seed: number(values, "seed") });
  }
  if (values.trace !== undefined) {
    const { workload } = await openTrace(inputPath(values.trace), {
      source: values.trace,
      ...await traceOptions(values),
    });
    return workload;
  }
  return await workloadOfSpec(positionals[0], cwd);
}

/** The workload with the tenants and categories that the command line gives it, in this order. */
function labelled(workload: Workload, values: Values): Workload {
  const { tenants, categories } = values;
  const owned = tenants === undefined
    ? workload
    : withTenants(workload, tenants, number(values, "seed"));
  return categories === undefined ? owned : withCategories(owned, categories);
}

function timeOf(text: string | undefined): LiveOptionsInput["time"] {
  if (text === undefined || text === "real" || text === "virtual") return text;
  const speed = Number(text);
  return speed > 0 ? speed : refuse("--time", text, "real, virtual or a number above 0");
}

function optionsOf(values: Values, { requests }: Workload): LiveOptionsInput {
  if (values.out === undefined) refuse("--out", "none", "a folder for the journal and the results");
  if (values.server === undefined) refuse("--server", "none", "the URL of a server");
  const { endpoint, prompts, "answer-lengths": answerLengths } = values;
  // A workload of lengths alone has no words to count.
  const counting = values.counting ?? (requests.promptWords ? undefined : "tokenizer");
  // What is not one of the choices is refused by the options' own schema.
  return {
    servers: values.server,
    anyServer: values["any-server"],
    scheduler: {
      policy: values.policy,
      estimator: {
        options: {
          ...values.calibrator !== undefined && { calibrator: values.calibrator },
          ...counting !== undefined && { counting },
          // Whoever says what a request is means it, whatever its words say.
          ...values.categories !== undefined && { classifier: "given" },
          ...values["base-tokens"] !== undefined && baseTokensOf(values["base-tokens"]),
        },
      },
    },
    dispatch: values.dispatch === undefined ? undefined : dispatchOf(values.dispatch),
    retry: { attempts: number(values, "attempts") },
    prompt: {
      endpoint: endpoint as "chat" | undefined,
      prompts: prompts as "text" | undefined,
      answerLengths: answerLengths as "server" | undefined,
    },
    seed: number(values, "seed"),
    time: timeOf(values.time),
    rampSeconds: number(values, "ramp"),
    warmUp: number(values, "warm-up"),
    timeLimitSeconds: number(values, "time-limit"),
    drainSeconds: number(values, "drain"),
    cooldownSeconds: number(values, "cooldown"),
    firstByteSeconds: number(values, "first-byte"),
    betweenChunksSeconds: number(values, "between-chunks"),
    out: resolve(cwd, values.out),
    resume: values.resume,
    sync: values.sync as "second" | undefined,
  };
}

/** What the task prints with `--json`. Times in seconds; null where there is nothing to count. */
export interface LiveSummary {
  readonly requests: number;
  readonly completed: number;
  readonly failed: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Attempts that were sent, and how many of these failed. */
  readonly attempts: number;
  readonly failed_attempts: number;
  readonly sessions: number;
  readonly makespan_s: number | null;
  readonly output_tokens_per_s: number | null;
  /** From arrival at the gateway, its queue included. */
  readonly ttft_p50: number | null;
  readonly ttft_p99: number | null;
  /** From the hand-over to the server, as benchmarks count. */
  readonly ttft_from_send_p50: number | null;
  readonly ttft_from_send_p99: number | null;
  /** From arrival at the gateway. */
  readonly e2e_p50: number | null;
  readonly e2e_p99: number | null;
  readonly e2e_from_send_p50: number | null;
  readonly e2e_from_send_p99: number | null;
  readonly queue_wait_p50: number | null;
  readonly queue_wait_p99: number | null;
  /** Mean absolute error of the length estimates, in the unit of the counting mode. */
  readonly estimate_mae: number | null;
  /** How late the gateway was against the schedule of arrivals. */
  readonly late_p99: number | null;
  /** How long the client's own event loop kept a timer waiting. */
  readonly event_loop_p99: number | null;
  /** What may not be as meant, in words. */
  readonly warnings: readonly string[];
  readonly reasons: Readonly<Record<string, number>>;
  readonly files: readonly string[];
}

/** As JSON has it: null where there is nothing to count. */
function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A live run in numbers. */
export function summarizeLive(result: LiveResult): LiveSummary {
  const { run, record, progress, sessions, overhead, warnings, files } = result;
  const completed = Int32Array.from(run.status.keys().filter((row) => run.status[row] === 0));
  const at = (latency: Latency, p: number) =>
    known(quantile(latencyOf(run, latency, completed), p));
  const last = completed.reduce((latest, row) => Math.max(latest, run.finish[row]), -Infinity);
  const makespan = last - run.arrival.reduce((first, at) => at < first ? at : first, Infinity);
  // Where no answer was counted the rate is not 0, but unknown.
  const counted = completed.filter((row) => run.outputTokens[row] > 0);
  const tokens = counted.length === 0
    ? NaN
    : counted.reduce((sum, row) => sum + run.outputTokens[row], 0);
  const reasons: Record<string, number> = {};
  for (const reason of record.reason) {
    if (reason !== null) reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  const sum = (counts: Int32Array) => counts.reduce((all, count) => all + count, 0);
  const error = progress.meanAbsoluteError;
  return {
    requests: run.size,
    ...progress.states,
    attempts: sum(record.attempts),
    failed_attempts: sum(record.failures),
    sessions,
    makespan_s: makespan > 0 ? makespan : null,
    output_tokens_per_s: makespan > 0 ? known(tokens / makespan) : null,
    ttft_p50: at("ttft", 0.5),
    ttft_p99: at("ttft", 0.99),
    ttft_from_send_p50: at("ttftFromSend", 0.5),
    ttft_from_send_p99: at("ttftFromSend", 0.99),
    e2e_p50: at("e2e", 0.5),
    e2e_p99: at("e2e", 0.99),
    e2e_from_send_p50: at("inference", 0.5),
    e2e_from_send_p99: at("inference", 0.99),
    queue_wait_p50: at("wait", 0.5),
    queue_wait_p99: at("wait", 0.99),
    estimate_mae: known(error),
    late_p99: known(quantile(record.late, 0.99)),
    event_loop_p99: overhead.eventLoop?.p99 ?? null,
    warnings,
    reasons,
    files,
  };
}

function print(summary: LiveSummary): void {
  const counts = STATUSES.map((state) => `${summary[state]} ${state}`).join(", ");
  console.log(`${summary.requests} requests: ${counts}`);
  for (const [reason, count] of Object.entries(summary.reasons)) {
    console.log(`  ${reason}: ${count}`);
  }
  const { attempts, failed_attempts: failed, sessions } = summary;
  console.log(`${attempts} attempts, ${failed} failed; ${sessions} session(s)`);
  const line = (name: string, value: number | null, unit: string) =>
    console.log(
      `  ${name.padEnd(24)} ${value === null ? "unknown" : `${value.toPrecision(4)} ${unit}`}`,
    );
  line("makespan", summary.makespan_s, "s");
  line("output", summary.output_tokens_per_s, "tokens/s");
  const { ttft, ttftFromSend, e2e, e2eFromSend, wait } = LATENCY_TITLES;
  line(`${ttft} P50`, summary.ttft_p50, "s");
  line(`${ttft} P99`, summary.ttft_p99, "s");
  line(`${ttftFromSend} P50`, summary.ttft_from_send_p50, "s");
  line(`${ttftFromSend} P99`, summary.ttft_from_send_p99, "s");
  line(`${e2e} P50`, summary.e2e_p50, "s");
  line(`${e2e} P99`, summary.e2e_p99, "s");
  line(`${e2eFromSend} P50`, summary.e2e_from_send_p50, "s");
  line(`${e2eFromSend} P99`, summary.e2e_from_send_p99, "s");
  line(`${wait} P99`, summary.queue_wait_p99, "s");
  line("estimate, mean error", summary.estimate_mae, "");
  line("late by, P99", summary.late_p99, "s");
  line("event loop, P99", summary.event_loop_p99, "s");
  for (const warning of summary.warnings) console.log(`warning: ${warning}`);
  for (const file of summary.files) console.log(file);
}

/** 1 where requests came to nothing that should have been answered, unless that is allowed. */
function exitCodeOf(
  { requests, completed, failed, rejected }: LiveSummary,
  allowFailures = false,
): number {
  const lost = failed + rejected;
  if (allowFailures || lost === 0 && completed > 0) return 0;
  console.error(
    lost > 0
      ? `${lost} of ${requests} requests failed or were rejected (--allow-failures: exit with 0)`
      : "No request completed (--allow-failures: exit with 0)",
  );
  return 1;
}

/** Exit code of a process that was told to stop by Ctrl-C. */
const INTERRUPTED = 130;

/** `deno task live`; returns the exit code. */
export async function liveTask(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const whole = await workloadOf(values, positionals);
  const rows = number(values, "requests");
  const few = rows === undefined ? whole : firstRows(whole, rows);
  const contextTokens = number(values, "context");
  const cut = contextTokens === undefined ? few : capLengths(few, { contextTokens });
  const workload = labelled(cut, values);
  const options = optionsOf(values, workload);
  const stop = new AbortController();
  // Once: a second Ctrl-C ends the process at once, which loses nothing either.
  const onSignal = () => {
    stop.abort();
    unlisten();
  };
  const unlisten = () => {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, onSignal);
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, onSignal);
  try {
    const result = await live(workload, {
      ...options,
      signal: stop.signal,
      onWarning: (warning) => console.error(`Warning: ${warning}`),
      onProgress: liveProgress(),
    });
    const summary = summarizeLive(result);
    if (values.json) console.log(JSON.stringify(summary, null, 2));
    else print(summary);
    return exitCodeOf(summary, values["allow-failures"]);
  } catch (error) {
    if (!(error instanceof LiveInterrupted)) throw error;
    const again = [...args.filter((arg) => arg !== "--resume"), "--resume"].map(quoted).join(" ");
    console.error(`\n${error.message}\nContinue with:\n  deno task live ${again}`);
    return INTERRUPTED;
  } finally {
    if (!stop.signal.aborted) unlisten();
  }
}

/** Windows knows of Ctrl-C alone. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

/** An argument as a shell takes it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

if (import.meta.main) await exitWith(() => liveTask(Deno.args));
