import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { killLiveKernels } from "../reports/kernel/kernel-session.ts";
import { reportProgress } from "../reports/report/report-progress.ts";
import { selectNotebooks } from "../reports/report/select-notebooks.ts";
import { comparisonText } from "../reports/verify/comparison-text.ts";
import { verifyNotebooks } from "../reports/verify/verify-notebooks.ts";
import { cwd, exitWith, readArguments } from "./command-line.ts";

const USAGE = `Usage: deno task verify [notebook…] [--json]

Runs notebooks again, into a temporary folder, and compares with what is committed in figures/:
figures, claims, parameters, seeds, data and versions. A notebook that differs is run a second time.

  notebook    path of a notebook or its name; without any, all of notebooks/
  --json      prints {identical, total, differences, repeated} as JSON and nothing else
  -h, --help  prints this

Environment: DRIFTSCHED_FIGURES  folder of the committed figures (figures/); it is only read
Files: runs/verify/  what a first run made, where a second run of the same notebook made another thing
Exit code: 0 when all is identical (in the second run, if there was one), 1 when something differs or
the input was refused`;

const INTERRUPTED = 130;
const root = fileURLToPath(new URL("../..", import.meta.url));

const OPTIONS = {
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** A first Ctrl-C ends the cells at work, a second one everything. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  Deno.addSignalListener("SIGINT", () => {
    if (controller.signal.aborted) Deno.exit(INTERRUPTED);
    controller.abort();
  });
  globalThis.addEventListener("unload", killLiveKernels);
  return controller.signal;
}

async function main(): Promise<number> {
  const { values: { json, help }, positionals } = readArguments({
    options: OPTIONS,
    allowPositionals: true,
  });
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const selected = await selectNotebooks(positionals, { root, cwd, parameters: {} });
  const signal = interruptible();
  const names = selected.map(({ name }) => name);
  const comparison = await verifyNotebooks(selected, {
    figures: resolve(cwd, Deno.env.get("DRIFTSCHED_FIGURES") ?? join(root, "figures")),
    complete: positionals.length === 0,
    keep: join(root, "runs", "verify"),
    progress: reportProgress(names, { stream: process.stderr }),
    signal,
  });
  if (signal.aborted) return INTERRUPTED;
  const { total, differences, repeated } = comparison;
  const identical = total - differences.length;
  console.log(
    json
      ? JSON.stringify({ identical, total, differences, repeated }, null, 2)
      : comparisonText(comparison),
  );
  return differences.length === 0 ? 0 : 1;
}

await exitWith(main);
