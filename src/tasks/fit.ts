/**
 * `deno task fit LOG… [--requests FILE…] [-o server.json] [--name NAME] [--json]`: fits what a
 * step costs to vLLM's iteration logs (of any length; plain, .gz or .zst), coarsely to its ordinary
 * stats lines where there are no iterations, and what a request costs on top to client logs. The
 * server's flags come from NAME.json beside NAME.iterations.log; client logs from NAME.requests.csv or
 * NAME.requests.jsonl(.gz) beside it unless `--requests` names others. With the run's own requests the
 * load of each iteration is exact (`exactSteps`).
 */
import { basename, resolve } from "node:path";
import type { Recording } from "../fidelity/fit/fit-request-overhead.ts";
import { fitServer } from "../fidelity/fit/fit-server.ts";
import {
  readRecordedRequests,
  readRunDescription,
  type RunDescription,
} from "../fidelity/recorded-run.ts";
import { unlikeEngines } from "../fidelity/fit/between-logs.ts";
import { type DescribedLog, fittable } from "../fidelity/fit/fittable.ts";
import { type ServerLog, STEPS_KEPT } from "../fidelity/fit/server-log.ts";
import type { ServerFile } from "../servers/costs/server-file.ts";
import { escapeControls } from "../errors/escape-controls.ts";
import { InputError } from "../errors/input-error.ts";
import { openServerLog } from "../files/open-server-log.ts";
import { readUnpacked } from "../files/read-unpacked.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { isStandardInput } from "../files/standard-input.ts";
import { cwd, exitWith, inputName, inputPath, readArguments, refuseUsage } from "./command-line.ts";
import { OVERWRITE_OPTION, OVERWRITE_USAGE, writeOptions } from "./overwrite-argument.ts";

const USAGE =
  "Usage: deno task fit LOG… [--requests FILE…] [-o server.json] [--name NAME] [--json]\n\n" +
  "  LOG         a file, or - for standard input: vLLM's log with --enable-logging-iteration-details, of any length, plain, .gz or\n" +
  "              .zst; with ordinary stats lines alone the fit is a coarse one\n" +
  "  --requests  requests.csv of a client (repeat it for several): the overhead per request\n" +
  "  -o, --out   where to write the server JSON for `deno task fidelity`\n" +
  "  --json      prints the server JSON instead of a report\n" +
  OVERWRITE_USAGE;
/** Refused lines that are shown; all are counted. */
const LINES_SHOWN = 5;

/** The file as text, unpacked where it is gzip or zstd. */
export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readUnpacked(inputPath(path), inputName(path)));
}

/** What stands beside a recorded run's file under the same name; null where it doesn't. */
export async function textBeside(path: string, extension: string): Promise<string | null> {
  if (isStandardInput(path)) return null;
  try {
    return await readText(besideOf(path, extension));
  } catch (error) {
    if (error instanceof InputError && error.message.includes("there is no such file")) return null;
    throw error;
  }
}

/** NAME.extension for NAME.iterations.log(.gz), NAME.requests.csv and the like. */
export function besideOf(path: string, extension: string): string {
  const stem = path.replace(/\.(gz|zst)$/, "").replace(/(\.iterations)?\.(log|txt)$/, "")
    .replace(/(\.requests)?\.(csv|jsonl)$/, "");
  return `${stem}.${extension}`;
}

/** The description beside a recorded run's file; null where there is none. */
export async function descriptionBeside(path: string): Promise<RunDescription | null> {
  const text = await textBeside(path, "json");
  return text === null ? null : readRunDescription(text, besideOf(path, "json"));
}

async function readRecording(path: string): Promise<Recording> {
  const description = await descriptionBeside(path);
  if (description === null) {
    throw new InputError({
      file: path,
      expected: `the server's flags in ${besideOf(path, "json")} beside it: there is no such file`,
    });
  }
  return { requests: readRecordedRequests(await readText(path), path).requests, description };
}

/** Names of client logs that may lie beside a server's log. */
const CLIENT_LOGS = ["requests.csv", "requests.jsonl.gz", "requests.jsonl"];

/** Several engines share the requests of a client in a way that no log says. */
function hasOneEngine({ iterations, stats }: ServerLog): boolean {
  return new Set([...iterations, ...stats].map(({ engine }) => engine)).size === 1;
}

/** The recording of a log's own run, where a client log lies beside it; else null. */
async function recordingBeside(log: string): Promise<Recording | null> {
  for (const name of CLIENT_LOGS) {
    const text = await textBeside(log, name);
    const description = text === null ? null : await descriptionBeside(log);
    if (text === null || description === null) continue;
    return { requests: readRecordedRequests(text, besideOf(log, name)).requests, description };
  }
  return null;
}

function percent(value: number): string {
  return `${value >= 0 ? "+" : ""}${value.toFixed(1)} %`;
}

function report(file: ServerFile, logs: readonly DescribedLog[]): void {
  const { cost, fit } = file;
  if (cost.kind !== "fitted" || fit === undefined) return;
  const coarse = fit.basis === "stats lines";
  if (coarse) {
    const windows = fit.logs.reduce((sum, { steps }) => sum + steps, 0);
    console.log(
      `A coarse fit, to ${windows} windows between ordinary stats lines: the loads are known at ` +
        "their ends only. Fit iterations (--enable-logging-iteration-details) for more.\n",
    );
  }
  printCost(file, cost);
  printResiduals(fit, coarse);
  const { noise, ranges } = fit;
  const nameOf = coarse ? "a window" : "a step";
  console.log(
    `\nNoise: ${nameOf} scatters by ${noise.step_sd_pct.toFixed(1)} %; ` +
      (coarse ? "" : `${noise.stalled_steps_pct.toFixed(2)} % of the steps stall, which costs ` +
        `${noise.stalled_time_pct.toFixed(2)} % of the time; `) +
      `logs differ by ${noise.between_logs_pct.toFixed(1)} % as wholes`,
  );
  printLogs(fit, coarse);
  printUnreadable(logs);
  const leftOut = Object.entries(fit.leftOutBy ?? {}).filter(([, count]) => count > 0)
    .map(([reason, count]) => `${count} ${REASONS[reason] ?? reason}`);
  if (leftOut.length > 0) console.log(`  Left out: ${leftOut.join(", ")}`);
  console.log(
    `\nSeen: up to ${ranges.sequences[1]} sequences, ${
      Math.round(ranges.contextTokens[1])
    } tokens of context, ${ranges.prefillTokens[1]} prompt tokens a step; ` +
      "beyond that a simulation extrapolates, and `deno task fidelity` warns",
  );
}

/** Why steps and windows are left out, in words behind a count. */
const REASONS: Readonly<Record<string, string>> = {
  recomputing: "steps that recompute after a preemption",
  unreadable: "steps whose lines can't be read",
  idle: "windows in which the server idled",
  unsteady: "windows in which the load doubled or halved",
  preempting: "windows with preemptions",
};
/** What a log may not tell, in words. */
const UNKNOWN = {
  prefill: "What prefill costs is unknown: the logs hold no prompts, or none that tell it apart " +
    "from decoding. The server can't be simulated before it is fitted to prompts.",
  decode: "What decoding costs is unknown: the logs hold prompts alone",
  context: "What context costs is unknown, and counts as 0",
  shared:
    "What prompts had in the prefix cache, and what sequences share, is unknown: prompt tokens " +
    "carry the attention to it. Lay the run's requests beside its log (NAME.requests.jsonl)",
} as const;

type FittedCost = Extract<ServerFile["cost"], { kind: "fitted" }>;
type FitReport = NonNullable<ServerFile["fit"]>;

function printCost(file: ServerFile, cost: FittedCost): void {
  const ms = (seconds: number) => (1000 * seconds).toFixed(2);
  const us = (seconds: number) => (1e6 * seconds).toFixed(3);
  const { perPrefillToken, perPrefillSequence, perPrefillPair } = cost;
  const prefill = perPrefillToken === null
    ? "prefill unknown"
    : `prompt token ${us(perPrefillToken)} µs · prompt ${ms(perPrefillSequence ?? 0)} ms · pair ${
      us(perPrefillPair ?? 0)
    } µs`;
  console.log("Step, ms by decoding sequences:");
  console.log(`  ${cost.sequences.map((b, i) => `${b}: ${ms(cost.seconds[i])}`).join("  ")}`);
  console.log(`  context token ${us(cost.perContextToken)} µs · ${prefill}`);
  console.log(
    `  between two iterations ${ms(cost.perLoop)} ms and ${us(cost.perLoopSequence)} µs a ` +
      `sequence · request ${ms(file.perRequest)} ms`,
  );
  for (const what of file.fit?.unknown ?? []) console.log(UNKNOWN[what]);
}

function printResiduals({ residuals }: FitReport, coarse: boolean): void {
  console.log(
    `\nResiduals          prefill ${coarse ? "windows" : "  steps"}   median    |median|   |P95|`,
  );
  for (const region of residuals) {
    const [from, to] = region.sequences;
    console.log(
      `  ${`${from}–${to} sequences`.padEnd(17)} ${(region.prefill ? "yes" : "no").padEnd(7)} ${
        String(region.steps).padStart(6)
      } ${percent(region.median_pct).padStart(9)} ${
        region.abs_median_pct.toFixed(1).padStart(8)
      } % ${region.abs_p95_pct.toFixed(1).padStart(6)} %`,
    );
  }
}

function printLogs({ logs }: FitReport, coarse: boolean): void {
  const several = logs.length > new Set(logs.map(({ source }) => source)).size;
  for (const log of logs) {
    const of = several ? `, engine ${log.engine}${log.run! > 1 ? `, start ${log.run}` : ""}` : "";
    const thinned = log.read === undefined ? "" : ` of ${log.read}, evenly thinned`;
    console.log(
      `  ${log.source}${of}: ${log.steps} ${coarse ? "windows" : "steps"}${thinned}, the machine ${
        Math.abs(log.slower_pct).toFixed(1)
      } % ${log.slower_pct < 0 ? "faster" : "slower"} than typical; ` +
        `${log.refused} lines not understood, ${log.otherLines} of other messages`,
    );
  }
}

function printUnreadable(logs: readonly DescribedLog[]): void {
  for (const { log } of logs) {
    for (const { line, text } of log.unreadableLines.slice(0, LINES_SHOWN)) {
      console.log(`    line ${line}: ${escapeControls(text.slice(0, 160))}`);
    }
    if (log.repeated > 0) console.log(`    ${log.repeated} lines said twice count once`);
  }
}

/** `deno task fit`; returns the exit code. */
export async function fit(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.length === 0) refuseUsage(args, USAGE);
  const logs: DescribedLog[] = [];
  // One limit for all logs together.
  const limit = Math.floor(STEPS_KEPT / positionals.length);
  for (const path of positionals) {
    const log = await openServerLog(inputPath(path), inputName(path), { limit });
    const description = await descriptionBeside(path);
    if (description === null) {
      console.error(
        `${inputName(path)}: no ${
          isStandardInput(path) ? "description" : basename(besideOf(path, "json"))
        } beside it, so the KV capacity is unknown: ` +
          "context counts as 0",
      );
    }
    const recording = hasOneEngine(log) ? await recordingBeside(path) : null;
    logs.push({ log, server: description?.server, ...recording !== null && { recording } });
  }
  const { steps, stats } = fittable(logs);
  const recordings = values.requests === undefined
    ? logs.flatMap(({ recording }) => recording ?? [])
    : await Promise.all(values.requests.map(readRecording));
  const name = values.name ??
    positionals.map((path) => basename(path).replace(/\.iterations.*/, "")).join(", ");
  const { file, overheadKnown } = fitServer({ name, steps, stats, recordings });
  const server = {
    ...file,
    fit: {
      ...file.fit!,
      logs: file.fit!.logs.map((log) => ({ ...log, source: basename(log.source) })),
    },
  };
  const unlike = unlikeEngines(server.fit.logs);
  if (unlike !== null) console.error(`The engines differ: ${unlike}`);
  if (!overheadKnown) {
    console.error(
      "No client log of one engine with requests that hardly queued: the overhead per request " +
        "stays 0; " +
        "give one by --requests",
    );
  }
  const text = `${JSON.stringify(server, null, 2)}\n`;
  if (values.out !== undefined) {
    await writeAtomically(resolve(cwd, values.out), text, writeOptions(values));
  }
  if (values.json) console.log(text.trimEnd());
  else report(server, logs);
  return 0;
}

function parse(args: readonly string[]) {
  const options = {
    requests: { type: "string", multiple: true },
    out: { type: "string", short: "o" },
    name: { type: "string" },
    ...OVERWRITE_OPTION,
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  return readArguments({ args: [...args], options, allowPositionals: true });
}

if (import.meta.main) await exitWith(() => fit(Deno.args));
