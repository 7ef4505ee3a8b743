import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../errors/input-error.ts";
import { unformattedNotebooks } from "../reports/check/notebook-format.ts";
import { checkCells, describeCellProblem } from "../reports/check-cells.ts";
import { exitWith, readArguments } from "./command-line.ts";

const USAGE = `Usage: deno task check

Format, lint and types of the code, of its tests and of the notebooks' cells; notebooks hold no
outputs. Exit code: 0, or 1 with a list of what is wrong.

  -h, --help  prints this`;

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Step {
  readonly name: string;
  /** What is wrong, empty where nothing is. */
  run(): Promise<string>;
}

function deno(...args: string[]): () => Promise<string> {
  return async () => {
    const command = new Deno.Command(Deno.execPath(), { args, cwd: root, stdin: "null" });
    const { success, stdout, stderr } = await command.output();
    if (success) return "";
    const decoder = new TextDecoder();
    const said = `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trim();
    return said === "" ? `deno ${args.join(" ")} failed and said nothing` : said;
  };
}

function notebooks(): string[] {
  const directory = join(root, "notebooks");
  return [...Deno.readDirSync(directory)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ipynb")).sort()
    .map((name) => relative(Deno.cwd(), join(directory, name)));
}

async function cells(): Promise<string> {
  try {
    return (await checkCells(notebooks())).map(describeCellProblem).join("\n");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

async function notebookFormat(): Promise<string> {
  const unformatted = await unformattedNotebooks(notebooks(), root);
  return unformatted.map((path) => `not formatted: ${path}; run deno fmt notebooks`).join("\n");
}

const STEPS: readonly Step[] = [
  {
    name: "format",
    run: deno("fmt", "--check", "--quiet", "src", "test", "deno.json", "package.json"),
  },
  { name: "format of the notebooks", run: notebookFormat },
  { name: "lint", run: deno("lint", "--quiet") },
  { name: "types of src and test", run: deno("check", "--quiet", "src", "test") },
  { name: "cells of the notebooks", run: cells },
];

async function main(): Promise<number> {
  const options = { help: { type: "boolean", short: "h" } } as const;
  if (readArguments({ options }).values.help) {
    console.log(USAGE);
    return 0;
  }
  const failed: string[] = [];
  // One after the other: the checker of types uses all cores, and modules of joined cells must not
  // lie about while the formatter looks.
  for (const { name, run } of STEPS) {
    const wrong = await run();
    console.log(wrong === "" ? `ok      ${name}` : `FAILED  ${name}\n${wrong}\n`);
    if (wrong !== "") failed.push(name);
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(", ")}`);
  return failed.length > 0 ? 1 : 0;
}

await exitWith(main);
