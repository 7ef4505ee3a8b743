/**
 * `deno task what-if LOG [--server FILE|MODEL:GPU] [--servers 1..3] [--policy NAME]… [--slo ttft=1,…]`:
 * what another policy, estimate, dispatch rule or number of servers would have done to a log, on one
 * screen and in one HTML report.
 */
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inWordsAsync } from "../files/environment-error.ts";
import { InputError } from "../errors/input-error.ts";
import { canonicalJson } from "../files/canonical-json.ts";
import { type ServerConfigInput } from "../servers/continuous/config.ts";
import { withConfig } from "../servers/server.ts";
import { openServer } from "../files/open-server.ts";
import { removePartials, writeAtomically } from "../files/write-atomically.ts";
import { progressBar } from "../notebook/progress-bar.ts";
import { whatIf, type WhatIfOptions } from "../paper/what-if.ts";
import { gatherProvenance } from "../reports/gather-provenance.ts";
import { killLiveKernels } from "../reports/kernel/kernel-session.ts";
import { runReport } from "../reports/report/run-report.ts";
import { selectNotebooks } from "../reports/report/select-notebooks.ts";
import { openTrace } from "../traces/open-trace.ts";
import { whatIfText } from "../what-if/what-if-text.ts";
import { isStandardInput } from "../files/standard-input.ts";
import { cwd, exitWith, inputName, inputPath, readArguments, refuseUsage } from "./command-line.ts";
import { dispatchOf } from "./dispatch-argument.ts";
import { baseTokensOf, LABEL_USAGE, withCategories, withTenants } from "./label-arguments.ts";
import { besideOf, descriptionBeside } from "./fit.ts";
import { TRACE_OPTIONS, TRACE_USAGE, traceOptions } from "./trace-arguments.ts";

const USAGE = `Usage: deno task what-if LOG [options]

Reads a log of any supported format, simulates it as it was and under alternatives, and prints one
screen. The same answer goes into an HTML report.

  --server NAME          MODEL:GPU, such as Qwen3-1.7B:L4 (the default), or a server file (.json)
  --servers N|A..B       how many served the log, and up to how many are tried; default 1
  --flag NAME=VALUE      a flag of vLLM's, such as max_num_seqs=128; may be repeated
  --was RULE[,POLICY]    how the log was served: pass-through (default: straight to the servers),
                         in-flight:N or micro-batch, and in which order; default fifo
  --policy NAME          a policy in front of the servers; may be repeated
  --estimator NAME       calibrated (default), uncalibrated, cap, oracle; may be repeated
  --dispatch RULE        in-flight[:N], pass-through, micro-batch; may be repeated
  --slo ttft=S,tpot=S,e2e=S,share=P   the promise: limits such as 1s or 50ms, of which all are kept
                         by this share of the requests (default 0.99)
  --from S, --to S       only what arrived then, seconds of the log's clock
  --rate R               stretches or presses the log's time to R requests a second
  --draws N              resampled logs behind every interval; default 40, fewer for long logs
  --seed N               default 1

${LABEL_USAGE}

${TRACE_USAGE}

  --out DIR              folder of the report; default runs/what-if/LOG
  --no-report            prints the screen alone
  --json                 prints the answer as JSON alone
  -h, --help

A RUN.json beside RUN.requests.csv says flags and client of a recorded run, as for fidelity.
Without --policy, --estimator and --dispatch the usual alternatives are tried.
Exit code: 0, 1 when the input was refused, 130 when interrupted.`;

const INTERRUPTED = 130;
const root = fileURLToPath(new URL("../..", import.meta.url));
const NOTEBOOK = "13-what-if";

const refuse = (field: string, value: unknown, expected: string) =>
  new InputError({ file: "command line", field, value, expected });

/** Numbers of servers that a simulation takes. */
const MOST_ALTERNATIVES = 64;

/** `2`, `1..3` or `1,2,4`. */
export function serversOf(text: string): number[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (Number(to) - Number(from) >= MOST_ALTERNATIVES) {
    throw refuse("--servers", text, `at most ${MOST_ALTERNATIVES} numbers of servers`);
  }
  if (from !== undefined && Number(from) <= Number(to)) {
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
  }
  if (/^\d+(,\d+)*$/.test(text)) return text.split(",").map(Number);
  throw refuse("--servers", text, "a number, A..B, or numbers between commas");
}

const LIMIT = /^(ttft|tpot|e2e)=(\d+(?:\.\d+)?)(ms|s)?$/;

/** `ttft=1,tpot=50ms,share=0.95`; limits in seconds where no unit is said. */
export function promiseOf(text: string): NonNullable<WhatIfOptions["promise"]> {
  const promise: Record<string, number> = {};
  for (const part of text.split(",")) {
    const [, name, value, unit] = LIMIT.exec(part.trim()) ?? [];
    const [, share] = /^share=(0?\.\d+|1|\d+(?:\.\d+)?%)$/.exec(part.trim()) ?? [];
    if (name !== undefined) promise[name] = Number(value) / (unit === "ms" ? 1000 : 1);
    else if (share !== undefined) {
      promise.share = share.endsWith("%") ? Number(share.slice(0, -1)) / 100 : Number(share);
    } else {throw refuse(
        "--slo",
        part,
        "ttft=, tpot= or e2e= with seconds or ms, or share= from 0 to 1",
      );}
  }
  return promise;
}

/** `name=value` as vLLM's flags have them: numbers, true, false or a word. */
export function flagsOf(texts: readonly string[]): Partial<ServerConfigInput> {
  return Object.fromEntries(texts.map((text) => {
    const [, name, value] = /^(\w+)=(.+)$/s.exec(text) ?? [];
    if (name === undefined) throw refuse("--flag", text, "name=value");
    if (value === "true" || value === "false") return [name, value === "true"];
    return [name, Number.isNaN(Number(value)) ? value : Number(value)];
  }));
}

/** `in-flight:16,sjf`: a rule of dispatch, and a policy. */
function wasOf(text: string): WhatIfOptions["was"] {
  const [rule, policy, ...more] = text.split(",");
  if (more.length > 0) throw refuse("--was", text, "RULE or RULE,POLICY");
  return { dispatch: dispatchOf(rule), ...policy !== undefined && { policy } };
}

interface LoggedServing {
  readonly flags: Partial<ServerConfigInput>;
  readonly was: WhatIfOptions["was"];
  readonly notes: readonly string[];
}

/** What the description beside a recorded run says of its server and its client. */
async function servingBeside(path: string): Promise<LoggedServing> {
  const found = await descriptionBeside(path);
  if (found === null) return { flags: {}, was: undefined, notes: [] };
  const { client, server: flags } = found;
  return {
    flags,
    was: client === null ? undefined : {
      dispatch: { rule: "in-flight", window: client.in_flight_window },
      policy: client.order,
    },
    notes: [
      `server flags${client === null ? "" : " and the client's window"} as in ${
        besideOf(basename(path), "json")
      }`,
    ],
  };
}

function numberOf(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text.trim() === "" || Number.isNaN(Number(text))) throw refuse(field, text, "a number");
  return Number(text);
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const several = { type: "string", multiple: true } as const;
  return readArguments({
    args: [...args],
    options: {
      ...{
        server: text,
        servers: text,
        slo: text,
        from: text,
        to: text,
        rate: text,
        draws: text,
        seed: text,
        out: text,
      },
      ...{ was: text, flag: several, policy: several, estimator: several, dispatch: several },
      ...{ tenants: text, categories: text, "base-tokens": text },
      ...TRACE_OPTIONS,
      "no-report": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
}

/** Refuses to replace a file that no what-if has written. */
async function refuseForeignAnswer(file: string): Promise<void> {
  const text = await inWordsAsync({ path: file, verb: "read" }, async () => {
    try {
      return await Deno.readTextFile(file);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  });
  if (text === null) return;
  try {
    const { alternatives, cheapest } = JSON.parse(text);
    if (Array.isArray(alternatives) && cheapest !== undefined) return;
  } catch {
    // Not even JSON: somebody else's.
  }
  throw new InputError({
    file,
    expected:
      "no file there, or the answer of an earlier what-if: move it away, or choose another " +
      "--out",
  });
}

/** `deno task what-if`; returns the exit code. */
export async function whatIfTask(args: readonly string[], signal?: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.length !== 1) refuseUsage(args, USAGE);
  const [log] = positionals;
  const server = values.server ?? "Qwen3-1.7B:L4";
  const path = inputPath(log);
  const opened = await openServer(
    server.endsWith(".json") ? resolve(cwd, server) : server,
    "command line",
  );
  const beside = await servingBeside(path);
  const flags = { ...beside.flags, ...flagsOf(values.flag ?? []) };
  const servers = values.servers === undefined ? [1] : serversOf(values.servers);
  const promise = values.slo === undefined ? undefined : promiseOf(values.slo);
  const [from, to, rate, draws, seed] = (["from", "to", "rate", "draws", "seed"] as const)
    .map((name) => numberOf(`--${name}`, values[name]));
  const trace = await openTrace(path, {
    ...await traceOptions(values),
    source: inputName(log),
    onProgress: progressBar("bytes", { afterMs: 1000 }),
  });
  const { tenants, categories, "base-tokens": base } = values;
  const owned = tenants === undefined ? trace.workload : withTenants(trace.workload, tenants, seed);
  const workload = categories === undefined ? owned : withCategories(owned, categories);
  const before = trace.workload.provenance.steps?.length ?? 0;
  const labelNotes = workload.provenance.steps?.slice(before) ?? [];
  const answer = await whatIf({ ...trace, workload }, {
    premises: opened.premises,
    server: withConfig(opened.server, { ...opened.server.config, ...flags }),
    ...{
      servers,
      promise,
      from,
      to,
      rate,
      draws,
      seed,
      signal,
      notes: [...beside.notes, ...labelNotes],
    },
    was: values.was === undefined ? beside.was : wasOf(values.was),
    policies: values.policy,
    estimators: values.estimator,
    dispatches: values.dispatch?.map(dispatchOf),
    estimate: base === undefined ? undefined : baseTokensOf(base),
    onProgress: progressBar("simulations", { afterMs: 1000 }),
  });
  console.log(values.json ? JSON.stringify(answer, null, 2) : whatIfText(answer));
  if (values["no-report"] || values.json) return 0;

  const out = resolve(
    cwd,
    values.out ??
      join(root, "runs", "what-if", isStandardInput(log) ? "standard-input" : basename(log)),
  );
  const file = join(out, "answer.json");
  await refuseForeignAnswer(file);
  await writeAtomically(file, canonicalJson(answer));
  const parameters = {
    ...{ log: path, server, servers, rate: rate ?? 0, draws: answer.draws, answer: file },
    ttftSeconds: promise?.ttft ?? 0,
    tpotSeconds: promise?.tpot ?? 0,
    e2eSeconds: promise?.e2e ?? 0,
    share: answer.promise?.share ?? 0.99,
  };
  const [selected] = await selectNotebooks([NOTEBOOK], { root, cwd, parameters });
  const provenance = await gatherProvenance(root);
  const { report, failures } = await runReport(selected, { figures: out, provenance, signal });
  for (const { cell, traceback } of failures) {
    console.error(`\n${cell} failed\n  ${traceback.join("\n  ")}`);
  }
  const shown = relative(cwd, report);
  console.log(`\nReport: ${shown.startsWith("..") ? report : shown}`);
  return failures.length > 0 ? 1 : 0;
}

if (import.meta.main) {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => {
      stop.abort();
      removePartials();
      killLiveKernels();
      Deno.exit(INTERRUPTED);
    });
  }
  await exitWith(() => whatIfTask(Deno.args, stop.signal));
}
