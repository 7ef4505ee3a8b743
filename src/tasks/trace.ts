/**
 * `deno task trace describe|convert|fit|generate FILE`: what a trace holds and what was refused of
 * it, conversion between formats, a generator fitted to it, and what a generator makes.
 */
import { basename, dirname, join, resolve } from "node:path";
import { describeTrace } from "../analysis/describe-trace.ts";
import { prefixesText, traceText } from "../analysis/trace-text.ts";
import { escapeControls } from "../errors/escape-controls.ts";
import { removePartials, writeAtomically, type WriteOptions } from "../files/write-atomically.ts";
import { progressBar } from "../notebook/progress-bar.ts";
import { describeFit } from "../workload/generators/fit/describe-fit.ts";
import { fitWorkload } from "../workload/generators/fit/fit-workload.ts";
import { describeReport } from "../workload/readers/describe-report.ts";
import { writeAny } from "../runs/formats/write-any.ts";
import { EVERY_FORMAT, EVERY_WRITER } from "../traces/formats.ts";
import { openTrace } from "../traces/open-trace.ts";
import { formatNamed } from "../workload/readers/registry.ts";
import type { ReadTrace } from "../workload/readers/trace-format.ts";
import { sharedPrefixShare } from "../workload/statistics/shared-prefixes.ts";
import type { TraceToWrite } from "../workload/writers/trace-writer.ts";
import { isStandardInput } from "../files/standard-input.ts";
import { cwd, exitWith, readArguments, refuseUsage } from "./command-line.ts";
import { OVERWRITE_OPTION, OVERWRITE_USAGE, writeOptions } from "./overwrite-argument.ts";
import {
  nameValues,
  TRACE_OPTIONS,
  TRACE_USAGE,
  type TraceArguments,
  traceOptions,
} from "./trace-arguments.ts";
import { describeRecord, recordText } from "./trace-record.ts";
import { workloadOfSpec } from "./workload-of-spec.ts";

const written = new Set(EVERY_WRITER.map(({ name }) => name));
const list = EVERY_FORMAT.map(({ name, title }) =>
  `  ${name.padEnd(20)} ${title}${written.has(name) ? " (can be written)" : ""}`
).join("\n");

const USAGE =
  `Usage: deno task trace describe FILE [--map MAP] [--format NAME] [--lenient] [--option …] [--json]
       deno task trace convert FILE --to NAME -o OUT [--map MAP] [--format NAME] […]
       deno task trace fit FILE [-o SPEC.json] [--map MAP] [--format NAME] […] [--json]
       deno task trace generate SPEC.json --to NAME -o OUT [--to-option …]

describe prints the format and how it was recognised, what became of every row, and the statistics.
convert writes the trace in another format and prints what that has no place for. fit fits a
generator to it and prints each statistic of the trace beside the generated one, and the misfits;
generate writes what a generator's spec makes. FILE is a file, plain, gzip or zstd, a folder of
ServeGen's clients, or - for standard input.

${TRACE_USAGE}
  --json               describe, fit: what is printed, as JSON
  --to NAME, -o OUT    convert, generate: the format to write, and the file; fit: -o alone
  --to-option n=v      convert, generate: an option of that format, e.g. blockTokens=512
${OVERWRITE_USAGE}
  -h, --help

Exit code: 0, 1 when the input was refused, 130 when interrupted (nothing half-written is left).

Formats:
${list}`;

const INTERRUPTED = 130;
/** Short reading needs no bar. */
const BAR_AFTER_MS = 1000;

async function read(file: string, values: TraceArguments): Promise<ReadTrace> {
  const options = await traceOptions(values);
  if (isStandardInput(file)) return openTrace("-", options);
  const onProgress = progressBar("bytes", { afterMs: BAR_AFTER_MS });
  return openTrace(resolve(cwd, file), { ...options, source: file, onProgress });
}

/** Whether a file can be read again from its start; a pipe gives its bytes once. */
async function isReadTwice(file: string): Promise<boolean> {
  if (isStandardInput(file)) return false;
  const { isFifo } = await Deno.stat(resolve(cwd, file)).catch(() => ({ isFifo: false }));
  return !isFifo;
}

async function convert(
  trace: TraceToWrite,
  { to, out, options, writing }: {
    readonly to: string;
    readonly out: string;
    readonly options: readonly string[];
    readonly writing: WriteOptions;
  },
): Promise<void> {
  const { chunks, companions = {}, lost } = writeAny(trace, {
    ...nameValues(options),
    format: to,
  });
  const target = resolve(cwd, out);
  for (const [role, text] of Object.entries(companions)) {
    const companion = formatNamed(to, EVERY_FORMAT).companions?.find((each) => each.role === role)!;
    const beside = join(dirname(target), companion.beside(basename(target))[0]);
    await writeAtomically(beside, text, writing);
    console.error(`wrote ${beside}: ${companion.title}`);
  }
  await writeAtomically(target, chunks, writing);
  console.error(`wrote ${out}: ${trace.workload.requests.size} requests in format ${to}`);
  for (const each of lost) console.error(`not kept: ${escapeControls(each)}`);
}

/** `deno task trace`; returns the exit code. */
export async function trace(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args: [...args],
    options: {
      ...TRACE_OPTIONS,
      json: { type: "boolean", default: false },
      to: { type: "string" },
      "to-option": { type: "string", multiple: true, default: [] },
      out: { type: "string", short: "o" },
      ...OVERWRITE_OPTION,
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [verb, file, ...rest] = positionals;
  const writes = values.to !== undefined && values.out !== undefined;
  const known = verb === "describe" || verb === "fit" ||
    (writes && (verb === "convert" || verb === "generate"));
  if (!known || file === undefined || rest.length > 0) {
    refuseUsage(args, USAGE);
  }
  const writing = writeOptions(values);
  const target = { to: values.to!, out: values.out!, options: values["to-option"], writing };
  if (verb === "generate") {
    const workload = await workloadOfSpec(file, cwd);
    await convert({ workload }, target);
    const { promptBlocks } = workload.requests;
    if (promptBlocks) console.error(`prefixes: ${prefixesText(sharedPrefixShare(workload))}`);
    return 0;
  }
  const named = values.format !== undefined || values.map !== undefined;
  if (verb === "describe" && !named && await isReadTwice(file)) {
    const record = await describeRecord(resolve(cwd, file), file, nameValues(values.option ?? []));
    if (record !== undefined) {
      console.log(values.json ? JSON.stringify(record, null, 2) : recordText(record));
      return 0;
    }
  }
  const found = await read(file, values);
  if (verb === "convert") {
    console.error(describeReport(found.report));
    await convert(found, target);
    return 0;
  }
  if (verb === "fit") {
    console.error(describeReport(found.report));
    const fit = fitWorkload(found.workload);
    if (values.out !== undefined) {
      const spec = `${JSON.stringify(fit.spec, null, 2)}\n`;
      await writeAtomically(resolve(cwd, values.out), spec, writing);
      console.error(`wrote ${values.out}`);
    }
    console.log(values.json ? JSON.stringify(fit, null, 2) : describeFit(fit));
    return 0;
  }
  const description = describeTrace(found);
  console.log(values.json ? JSON.stringify(description, null, 2) : traceText(description));
  return 0;
}

if (import.meta.main) {
  Deno.addSignalListener("SIGINT", () => {
    removePartials();
    Deno.exit(INTERRUPTED);
  });
  await exitWith(() => trace(Deno.args));
}
