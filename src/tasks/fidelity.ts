/**
 * `deno task fidelity RUN --server JSON [--noise FIRST --noise AGAIN] [--json]`, or `--model NAME --gpu NAME`
 * in place of `--server`: simulates a recorded run on a server that was fitted elsewhere, and prints how far
 * off it is. RUN is any trace with measured first tokens and finishes: RUN.requests.(csv|jsonl) of a
 * recording, `requests.csv` of a live run, a detailed result of vLLM's benchmark. The
 * server's flags and the client's window come from RUN.json beside the recording (else from the server
 * JSON). With RUN.iterations.log(.gz) beside it, it also says how fast the machine was in that run,
 * and what is left of the error then. Each number has an interval that says where it was to be
 * expected. Where one misses by more than 10 %, or twice the noise, it says why.
 */
import type { Compared, Fidelity } from "../fidelity/compare.ts";
import { holds } from "../fidelity/doubt/interval-coverage.ts";
import { byMetric, RUN_METRICS, type RunMetric } from "../fidelity/run-metrics.ts";
import { BUDGET_PARTS, type ErrorBudget } from "../fidelity/budget/error-budget.ts";
import { exactSteps } from "../fidelity/budget/exact-steps.ts";
import { readIterationLog } from "../fidelity/fit/iteration-log.ts";
import {
  explainMiss,
  type Judgement,
  judgePrediction,
  type RunToRun,
  runToRun,
} from "../fidelity/judge.ts";
import { type MachineSpeed, predictRecording } from "../fidelity/predict.ts";
import { asSent } from "../fidelity/as-sent.ts";
import type { Recording } from "../fidelity/fit/fit-request-overhead.ts";
import { recordedOf, type RecordedRequests } from "../fidelity/recorded-run.ts";
import { loggedSteps } from "../fidelity/fit/logged-steps.ts";
import type { ServerConfig } from "../servers/continuous/config.ts";
import { ServerFile } from "../servers/costs/server-file.ts";
import { describeSizedServer, premisesOf } from "../servers/describe-sized-server.ts";
import { type ServerInput, serverOf } from "../servers/server.ts";
import { InputError } from "../errors/input-error.ts";
import { parseJson } from "../errors/parse-json.ts";
import { parseWith } from "../errors/parse-with.ts";
import { pointsReport, printPoints } from "./fidelity-points.ts";
import { besideOf, descriptionBeside, readText, textBeside } from "./fit.ts";
import { openTrace } from "../traces/open-trace.ts";
import { exitWith, inputName, inputPath, readArguments, refuseUsage } from "./command-line.ts";
import { TRACE_OPTIONS, TRACE_USAGE, traceOptions } from "./trace-arguments.ts";
import { SERVER_PART_OPTIONS, SERVER_PART_USAGE, serverOfArguments } from "./server-arguments.ts";

const USAGE =
  "Usage: deno task fidelity RUN.requests.(csv|jsonl) --server JSON [--noise FIRST --noise AGAIN] [--json]\n" +
  "       deno task fidelity RUN.requests.(csv|jsonl) --model NAME --gpu NAME […]\n" +
  "       deno task fidelity --points [FILE.csv] [--json]\n\n" +
  "In its place stands any trace with measured first tokens and finishes: requests.csv of a live run, a\n" +
  "detailed result of vLLM's benchmark, a run.json. RUN.json beside it says the server's flags and the\n" +
  "client; without it requests arrive when they were sent.\n\n" +
  "  --server  what a step costs there, as `deno task fit` writes it\n" +
  "  --noise   requests.csv of one run that was recorded twice: where twice their difference is\n" +
  "            more than 10 %, it is the bound\n" +
  "  --points  simulates public serving points of many cards, each on the server of its flags\n" +
  "  --json    prints the numbers instead of a report\n\n" +
  `How it is read:\n${TRACE_USAGE}\n\n` +
  `A model on a card in place of a server JSON:\n${SERVER_PART_USAGE}`;

/** A number measured and simulated, and where it was expected to lie. */
export interface ComparedWithInterval extends Compared {
  readonly low: number;
  readonly high: number;
}

/** What the task prints with `--json`. */
export interface FidelityReport
  extends Omit<Fidelity, RunMetric>, Readonly<Record<RunMetric, ComparedWithInterval>> {
  /** Share of predictions whose interval holds what was measured. */
  readonly interval_level: number;
  /** What of the intervals was not measured on this server. */
  readonly assumed: readonly string[];
  readonly preemptions: number;
  /** What was taken for granted of the recording. */
  readonly notes: readonly string[];
  /** Where the simulation went beyond what the fit has seen. */
  readonly warnings: readonly string[];
  /** null without an iteration log of the run. */
  readonly machine: MachineSpeed | null;
  /** Whose error each number's is; in words why nobody can tell. */
  readonly budget: ErrorBudget | string;
  /** Every number that is compared: within 10 % or not, and why not. */
  readonly judgements: readonly (Judgement & { readonly why: string | null })[];
}

/** A server as `fidelity` takes it: a server JSON, or a model on a card. */
type Predictor = ServerFile | ServerInput;

/** Flags that a server brings along. */
function flagsOf(server: Predictor): ServerConfig | undefined {
  return "perRequest" in server ? server.server : serverOf(server).config;
}

/** The requests of a run and what is known of its server and client; what was taken for granted. */
interface RunToCompare extends Recording {
  readonly notes: readonly string[];
}

type TraceReading = Readonly<Record<string, unknown>>;

async function requestsOf(path: string, reading: TraceReading): Promise<RecordedRequests> {
  return recordedOf(
    await openTrace(inputPath(path), { ...reading, source: inputName(path) }),
    path,
  );
}

async function runOf(
  path: string,
  server: Predictor,
  reading: TraceReading,
): Promise<RunToCompare> {
  const requests = await requestsOf(path, reading);
  const beside = await descriptionBeside(path);
  if (beside !== null) return { requests, description: beside, notes: [] };
  const flags = flagsOf(server);
  if (flags === undefined) {
    throw new InputError({
      file: path,
      expected:
        `the server's flags in ${besideOf(path, "json")}, or under "server" in the server ` +
        "JSON: there are none",
    });
  }
  const { requests: served, waited } = asSent(requests);
  return {
    requests: served,
    description: { server: flags, client: null },
    notes: waited === 0 ? [] : [
      `requests arrive when they were sent, up to ${
        Number(waited.toPrecision(3))
      } s after they came to ` +
      `the client: no ${besideOf(path, "json")} says how it queued, and latencies count from send`,
    ],
  };
}

/** How much two recordings of one run differ; undefined where none are named. */
async function noiseOf(
  paths: readonly string[] | undefined,
  reading: TraceReading,
): Promise<RunToRun | undefined> {
  if (paths === undefined) return undefined;
  if (paths.length !== 2) {
    throw new InputError({
      file: "command line",
      field: "--noise",
      value: paths.join(", "),
      expected: "two recordings of one run, an option each",
    });
  }
  const [first, again] = await Promise.all(paths.map((path) => requestsOf(path, reading)));
  return runToRun(first, again);
}

/** Simulates the recording at `path` on `server`, compares, and judges by the noise. */
export async function fidelityOf(
  path: string,
  server: Predictor,
  { noise, reading = {} }: { noise?: RunToRun; reading?: TraceReading } = {},
): Promise<FidelityReport> {
  const { requests, description, notes } = await runOf(path, server, reading);
  const log = await textBeside(path, "iterations.log.gz") ??
    await textBeside(path, "iterations.log");
  const counted = log === null
    ? null
    : loggedSteps(readIterationLog(log, besideOf(path, "iterations.log")), description.server);
  const steps = counted === null ? null : exactSteps(counted, requests, description.server);
  const prediction = predictRecording({ requests, description }, server, steps);
  const { fidelity, simulated, intervals, warnings, machine, budget } = prediction;
  return {
    ...fidelity,
    ...byMetric((metric) => {
      const { low, high } = intervals.metrics[metric];
      return { ...fidelity[metric], low, high };
    }),
    interval_level: intervals.level,
    assumed: intervals.assumed,
    notes,
    preemptions: simulated.preemptions.reduce((sum, each) => sum + each, 0),
    warnings,
    machine,
    budget,
    judgements: judgePrediction(prediction, noise).map((each) => ({
      ...each,
      why: each.within ? null : explainMiss(each, prediction),
    })),
  };
}

function print(path: string, server: Predictor, found: FidelityReport): void {
  console.log(`${path} on ${server.name}: ${found.requests} requests`);
  for (const note of found.notes) console.log(note);
  if (found.unfinished > 0) console.log(`${found.unfinished} requests never finished: left out`);
  const signed = (value: number) => `${value >= 0 ? "+" : ""}${value.toFixed(1)} %`;
  console.log(
    `End-to-end per request: mean absolute error ${found.e2e_mae_pct.toFixed(1)} %, ` +
      `bias ${signed(found.e2e_bias_pct)}, 90 % of them within ${found.e2e_p90_pct.toFixed(1)} %\n`,
  );
  const line = (
    name: string,
    { measured, simulated, error_pct, ...interval }: ComparedWithInterval,
  ) =>
    `  ${name.padEnd(20)} ${measured.toFixed(4).padStart(10)} ${
      simulated.toFixed(4).padStart(10)
    } ${(error_pct === null ? "–" : signed(error_pct)).padStart(9)}  ${
      `${interval.low.toFixed(4)} – ${interval.high.toFixed(4)}`.padEnd(23)
    }${holds(interval, measured) ? "" : " outside"}`.trimEnd();
  const level = `${Math.round(100 * found.interval_level)} %`;
  console.log(`  ${"".padEnd(20)}   measured  simulated     error  ${level} interval`);
  for (const name of RUN_METRICS) console.log(line(name, found[name]));
  const inside = RUN_METRICS.filter((name) => holds(found[name], found[name].measured)).length;
  console.log(
    `${inside} of ${RUN_METRICS.length} measured numbers lie in their ${level} intervals`,
  );
  if (found.assumed.length > 0) console.log(`Assumed, not measured: ${found.assumed.join("; ")}`);
  console.log(`\n${found.preemptions} preemptions simulated`);
  if (found.cached_tokens !== null) {
    const { measured, simulated, error_pct } = found.cached_tokens;
    console.log(
      `Prompt tokens in the prefix cache: ${measured} measured, ${simulated} simulated` +
        (error_pct === null ? "" : ` (${signed(error_pct)})`),
    );
  }
  for (const warning of found.warnings) console.log(`Warning: ${warning}`);
  if (found.machine !== null) printMachine(found.machine, signed);
  printBudget(found.budget, signed);
  for (const { metric, bound_pct, why } of found.judgements) {
    if (why !== null) console.log(`${metric} misses ${bound_pct.toFixed(0)} %: ${why}`);
  }
}

/** Numbers whose errors are split by cause on the screen; `--json` has all. */
const SPLIT = ["ttft_p50", "ttft_p99", "e2e_p50", "e2e_p99"] as const;

function printBudget(budget: ErrorBudget | string, signed: (value: number) => string): void {
  if (typeof budget === "string") {
    console.log(`No budget of the error: ${budget}`);
    return;
  }
  console.log(
    "\nWhose error it is: its part of the error, and in brackets what is left of the error where it " +
      "alone is replaced by the record",
  );
  const parts = BUDGET_PARTS.map((part) => part.padEnd(20)).join(" ");
  console.log(`  ${"".padEnd(10)} ${"error".padStart(9)}  ${parts} unexplained`);
  for (const metric of SPLIT) {
    const { error_pct, share_pct, alone_pct, unexplained_pct } = budget.metrics[metric];
    const each = BUDGET_PARTS.map((part) =>
      (part in budget.same ? "0" : `${signed(share_pct[part])} (${signed(alone_pct[part])})`)
        .padEnd(20)
    ).join(" ");
    console.log(
      `  ${metric.padEnd(10)} ${signed(error_pct).padStart(9)}  ${each} ${signed(unexplained_pct)}`,
    );
  }
  for (const [part, why] of Object.entries(budget.same)) console.log(`  ${part}: ${why}`);
  console.log("");
}

function printMachine(machine: MachineSpeed, signed: (value: number) => string): void {
  const { slower_pct, at_its_speed: at } = machine;
  const rest = RUN_METRICS.map((name) => `${name} ${signed(at[name].error_pct ?? 0)}`).join(", ");
  console.log(
    `By its own log the machine was ${Math.abs(slower_pct).toFixed(1)} % ${
      slower_pct < 0 ? "faster" : "slower"
    } in this run than the server JSON says; at that speed the errors are ${rest}, mean absolute ${
      at.e2e_mae_pct.toFixed(1)
    } %`,
  );
}

/** `deno task fidelity`; returns the exit code. */
export async function fidelity(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.points) {
    if (positionals.length > 1 || values.server !== undefined) refuseUsage(args, USAGE);
    const report = await pointsReport(positionals[0]);
    if (values.json) console.log(JSON.stringify(report, null, 2));
    else printPoints(report);
    return 0;
  }
  const sized = await serverOfArguments(values);
  if (positionals.length !== 1 || (values.server === undefined) === (sized === undefined)) {
    refuseUsage(args, USAGE);
  }
  const server = sized?.server ?? await serverFileOf(values.server!);
  const reading = await traceOptions(values);
  const noise = await noiseOf(values.noise, reading);
  const found = await fidelityOf(positionals[0], server, { noise, reading });
  if (values.json) {
    const premises = sized && { premises: premisesOf(sized) };
    console.log(JSON.stringify({ ...found, ...premises }, null, 2));
  } else {
    print(positionals[0], server, found);
    if (sized !== undefined) console.log(`\nThe numbers rest on\n${describeSizedServer(sized)}`);
  }
  return 0;
}

async function serverFileOf(path: string): Promise<ServerFile> {
  return parseWith(ServerFile, parseJson(await readText(path), path), path);
}

function parse(args: readonly string[]) {
  const options = {
    ...SERVER_PART_OPTIONS,
    ...TRACE_OPTIONS,
    server: { type: "string" },
    noise: { type: "string", multiple: true },
    points: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  return readArguments({ args: [...args], options, allowPositionals: true });
}

if (import.meta.main) await exitWith(() => fidelity(Deno.args));
