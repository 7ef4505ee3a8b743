/**
 * `deno task conformance DIR [--json]`: replays every scenario of the directory's `.jsonl` and
 * `.jsonl.gz` files with both decision cores and compares each step with what vLLM's own scheduler
 * decided. Exit code 1 when a scenario differs or a line can't be read.
 */
import { resolve } from "node:path";
import { type FileVerdict, judgeFile } from "../servers/conformance/judge-file.ts";
import { sideBySide } from "../servers/conformance/side-by-side.ts";
import { SkippingCore } from "../servers/continuous/skipping-core.ts";
import { StepwiseCore } from "../servers/continuous/stepwise-core.ts";
import { causeInWords } from "../files/environment-error.ts";
import { InputError } from "../errors/input-error.ts";
import { readUnpacked } from "../files/read-unpacked.ts";
import { cwd, exitWith, readArguments, refuseUsage } from "./command-line.ts";

const USAGE = "Usage: deno task conformance DIR [--json]";
const CORES = { stepwise: StepwiseCore, skipping: SkippingCore };

function scenarioFiles(directory: string): string[] {
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(resolve(cwd, directory)), ({ name }) => name);
  } catch (error) {
    throw new InputError({ file: directory, expected: `a directory: ${causeInWords(error)}` });
  }
  const files = names.filter((name) => /\.jsonl(\.gz)?$/.test(name)).sort();
  if (files.length === 0) {
    throw new InputError({ file: directory, expected: "at least one .jsonl or .jsonl.gz file" });
  }
  return files;
}

async function readText(directory: string, name: string): Promise<string> {
  return new TextDecoder().decode(await readUnpacked(resolve(cwd, directory, name), name));
}

function print(verdicts: readonly FileVerdict[], total: number, identical: number): void {
  for (const { refused, differing } of verdicts) {
    for (const error of refused) console.error(error.message);
    for (const each of differing) {
      console.log(
        `${each.file}, row ${each.row}, scenario ${each.id}: ` +
          `${each.core} differs first in step ${each.step}\n${sideBySide(each)}\n`,
      );
    }
  }
  const lines = verdicts.reduce((sum, { refused }) => sum + refused.length, 0);
  if (lines === 1) console.log("1 line is no scenario and was left out");
  else if (lines > 1) console.log(`${lines} lines are no scenarios and were left out`);
  console.log(`${identical} of ${total} scenarios identical`);
}

async function main(): Promise<number> {
  const { values: { help, json }, positionals } = readArguments({
    options: {
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  if (help) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.length !== 1) refuseUsage(positionals, USAGE);
  const [directory] = positionals;
  const verdicts: FileVerdict[] = [];
  for (const name of scenarioFiles(directory)) {
    verdicts.push(judgeFile(await readText(directory, name), name, CORES));
  }
  const sum = (of: (verdict: FileVerdict) => number) =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0);
  const identical = sum((verdict) => verdict.identical), total = sum((verdict) => verdict.total);
  const refused = sum((verdict) => verdict.refused.length);
  if (json) {
    const [first = null] = verdicts.flatMap(({ differing }) => differing);
    console.log(JSON.stringify({ identical, total, first_difference: first, refused }, null, 2));
  } else print(verdicts, total, identical);
  return identical === total && refused === 0 && total > 0 ? 0 : 1;
}

await exitWith(main);
