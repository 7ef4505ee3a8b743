import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Diagnostic, parseDiagnostics } from "../../src/reports/check/parse-diagnostics.ts";
import { REPOSITORY } from "../support/examples/doc-examples.ts";
import { exampleModule } from "../support/examples/example-module.ts";
import { typescriptBlocks } from "../support/examples/markdown-blocks.ts";
import { runDeno } from "../support/run-deno.ts";

const text = await Deno.readTextFile(join(REPOSITORY, "docs/recipes.md"));
const recipes = typescriptBlocks(text);

/** Below the repository, so that bare names are found as they are in a notebook. */
const folder = join(REPOSITORY, `.recipes-${crypto.randomUUID()}`);
const support = (name: string) =>
  pathToFileURL(join(REPOSITORY, "test/support/examples", name)).href;
const moduleOf = (heading: string) => join(folder, `${heading.replaceAll(" ", "-")}.ts`);

/** The line that the document asks for before every cell. */
const FIRST_LINE = 'import * as ds from "driftsched";';

const deno = (args: readonly string[]) =>
  runDeno(args, { cwd: folder, env: { DRIFTSCHED_FIGURES: join(folder, "figures") } });

let diagnostics: Diagnostic[];
let checked: string;
let ran: Record<string, string>;

beforeAll(async () => {
  await Deno.mkdir(folder);
  const none: ReadonlySet<string> = new Set();
  const names = { api: none, spaces: new Map(), own: none, fixtures: none };
  for (const { heading, code } of recipes) {
    const module = exampleModule({ id: heading, code: `${FIRST_LINE}\n${code}` }, names, {
      own: "",
      fixtures: "",
      check: support("gives.ts"),
    });
    await Deno.writeTextFile(moduleOf(heading), module);
  }
  const config = ["--config", join(REPOSITORY, "deno.json")];
  const modules = recipes.map(({ heading }) => moduleOf(heading));
  ({ stderr: checked } = await deno(["check", ...config, ...modules]));
  diagnostics = parseDiagnostics(checked);
  const all = join(folder, "all.ts");
  await Deno.writeTextFile(
    all,
    `const ran = {};
    for (const module of ${JSON.stringify(modules)}) {
      try {
        await import("file://" + module);
        ran[module] = "ran";
      } catch (error) {
        ran[module] = String(error);
      }
    }
    console.log(JSON.stringify(ran));`,
  );
  const { stdout } = await deno(["run", "-A", "--no-check", ...config, all]);
  ran = JSON.parse(stdout.trim().split("\n").at(-1)!);
}, 300_000);

afterAll(() => Deno.remove(folder, { recursive: true }));

test("every kind of part that can be added has a recipe", () => {
  expect(recipes.map(({ heading }) => heading)).toEqual([
    "Add a policy",
    "Add an estimator",
    "Add a calibrator",
    "Add a drift detector",
    "Add a server policy",
    "Look at the prefix cache",
    "Add a router",
    "Add a trace format",
    "Make prompts that share",
    "Add a figure",
    "Add a claim",
    "Add a length model",
    "Add a step cost",
    "Add a model or a card",
  ]);
  expect(text).toContain(FIRST_LINE);
});

test("all were checked: nothing else went wrong", () => {
  const modules = recipes.map(({ heading }) => pathToFileURL(moduleOf(heading)).href);
  expect(diagnostics.filter(({ url }) => !modules.includes(url))).toEqual([]);
  if (diagnostics.length === 0) expect(checked).not.toContain("error");
});

describe.each(recipes)("$heading", ({ heading, code }) => {
  test("is a cell of at most 25 lines", () => {
    expect(code.split("\n").filter((line) => line !== "").length).toBeLessThanOrEqual(25);
  });

  test("compiles", () => {
    const { href } = pathToFileURL(moduleOf(heading));
    expect(diagnostics.filter(({ url }) => url === href).map(({ message }) => message)).toEqual([]);
  });

  test("runs, and gives what it says", () => {
    expect(ran[moduleOf(heading)]).toBe("ran");
  });
});

test("files, folders and tasks that are named are there", async () => {
  const named = [...new Set(text.match(/`(?:src|test|data)\/[\w./-]+`/g))]
    .map((each) => each.slice(1, -1));
  expect(named.length).toBeGreaterThan(25);
  const missing = await Promise.all(named.map(async (path) => {
    const { isFile, isDirectory } = await Deno.stat(join(REPOSITORY, path))
      .catch(() => ({ isFile: false, isDirectory: false }));
    return (path.endsWith("/") ? isDirectory : isFile) ? [] : [path];
  }));
  expect(missing.flat()).toEqual([]);
});
