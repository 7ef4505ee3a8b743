import { isAbsolute, join, relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { killLiveKernels } from "../reports/kernel/kernel-session.ts";
import { claimsText } from "../reports/report/claims-text.ts";
import { parseReportArguments, REPORT_USAGE } from "../reports/report/report-arguments.ts";
import { reportProgress } from "../reports/report/report-progress.ts";
import { type ReportsResult, runReports } from "../reports/report/run-reports.ts";
import { selectNotebooks } from "../reports/report/select-notebooks.ts";
import { cwd, exitWith } from "./command-line.ts";

const INTERRUPTED = 130;

const root = fileURLToPath(new URL("../..", import.meta.url));
const figures = resolve(cwd, Deno.env.get("DRIFTSCHED_FIGURES") ?? join(root, "figures"));

/** A path as the user would type it: relative where it lies below, else whole. */
function shownPath(path: string): string {
  const below = relative(cwd, path);
  return below.startsWith("..") || isAbsolute(below) ? path : below;
}

/** Kernels are ours to end: the first Ctrl-C ends the cells at work, a second one everything. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) {
      killLiveKernels();
      Deno.exit(INTERRUPTED);
    }
    controller.abort();
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  globalThis.addEventListener("unload", killLiveKernels);
  return controller.signal;
}

function printProblems({ notebooks }: ReportsResult): void {
  for (const { name, failures, warnings, executed } of notebooks) {
    for (const warning of warnings) console.error(`${name}: ${warning}`);
    for (const { cell, kind, traceback } of failures) {
      const text = traceback.join("\n  ");
      console.error(`\n${name}: ${cell} failed (${kind})\n  ${text}`);
    }
    if (failures.length > 0) console.error(`  as far as it came: ${shownPath(executed)}`);
  }
}

function printJson({ notebooks }: ReportsResult): void {
  const data = {
    reports: notebooks.map(({ report }) => shownPath(report)),
    figures: notebooks.flatMap((each) => each.figures.map(shownPath)),
    claims: notebooks.flatMap(({ name, claims }) =>
      claims.map((claim) => ({ ...claim, notebook: name }))
    ),
    failures: notebooks.flatMap(({ name, failures }) =>
      failures.map((failure) => ({ notebook: name, ...failure }))
    ),
  };
  console.log(JSON.stringify(data, null, 2));
}

function printText({ notebooks, index }: ReportsResult): void {
  for (const { name, claims } of notebooks) {
    if (claims.length > 0) console.log(`\n${name}\n${claimsText(claims)}`);
  }
  console.log("\nReports:");
  for (const path of [index, ...notebooks.map(({ report }) => report)]) {
    console.log(shownPath(path));
  }
}

async function main(): Promise<number> {
  const args = parseReportArguments(Deno.args);
  if (args.help) {
    console.log(REPORT_USAGE);
    return 0;
  }
  const signal = interruptible();
  const { parameters, timeoutSeconds } = args;
  const selected = await selectNotebooks(args.notebooks, { root, cwd, parameters });
  const names = selected.map(({ name }) => name);
  const progress = reportProgress(names, { stream: process.stderr });
  const result = await runReports(selected, { root, figures, timeoutSeconds, signal, progress });
  printProblems(result);
  (args.json ? printJson : printText)(result);
  if (signal.aborted) return INTERRUPTED;
  return result.notebooks.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

await exitWith(main);
