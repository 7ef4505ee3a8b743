import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documented, isExported } from "../src/notebook/help/deno-doc.ts";
import { type Diagnostic, parseDiagnostics } from "../src/reports/check/parse-diagnostics.ts";
import { docExamples, examplesIn, REPOSITORY } from "./support/examples/doc-examples.ts";
import { runDeno } from "./support/run-deno.ts";
import { exampleModule } from "./support/examples/example-module.ts";

/** Examples that are compiled and not run, with the reason. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "src/live/client/vllm-client.ts#1": "asks a server at localhost:8000",
  "src/paper/live.ts#1": "asks a server at localhost:8000",
  "src/live/live.ts#1": "asks a server at localhost:8000",
  "src/notebook/live-progress.ts#1": "asks a server at localhost:8000",
};

/** Modules of the API's namespaces, below `src/`. */
const SPACES = [
  ...Array.from(Deno.readDirSync(join(REPOSITORY, "src/api")), ({ name }) => `api/${name}`).sort(),
  "paper/mod.ts",
];

const examples = await docExamples();
/** Below the repository, so that bare names are found as they are in `src`. */
const folder = join(REPOSITORY, `.examples-${crypto.randomUUID()}`);
const support = (name: string) => join(REPOSITORY, "test/support/examples", name);
const moduleOf = (id: string) =>
  join(folder, `${id.replaceAll(/[/#]/g, "-").replace(".ts", "")}.ts`);

/** Names that a file of `src` exports, types too. */
function exportsOf(path: string): ReadonlySet<string> {
  const symbols = documented(pathToFileURL(path).href);
  return new Set(
    symbols.filter(({ declarations }) => declarations.some(isExported)).map(({ name }) => name),
  );
}

const deno = (args: readonly string[], cwd: string) =>
  runDeno(args, { cwd, env: { DRIFTSCHED_FIGURES: join(folder, "figures") } });

let diagnostics: Diagnostic[];
let checked: Awaited<ReturnType<typeof deno>>;
const ran = new Map<string, { readonly error?: string }>();

beforeAll(async () => {
  await Deno.mkdir(folder);
  const api = exportsOf(join(REPOSITORY, "src/mod.ts"));
  const spaces = new Map(
    SPACES.map((path) => [`driftsched/${path}`, exportsOf(join(REPOSITORY, "src", path))]),
  );
  const fixtures = new Set(
    Array.from(
      (await Deno.readTextFile(support("fixtures.ts"))).matchAll(/^export const (\w+)/gm),
      ([, name]) => name,
    ),
  );
  for (const example of examples) {
    const own = join(REPOSITORY, example.id.split("#")[0]);
    const code = exampleModule(example, { api, spaces, fixtures, own: exportsOf(own) }, {
      own: pathToFileURL(own).href,
      fixtures: pathToFileURL(support("fixtures.ts")).href,
      check: pathToFileURL(support("gives.ts")).href,
    });
    await Deno.writeTextFile(moduleOf(example.id), code);
  }
  const config = ["--config", join(REPOSITORY, "deno.json")];
  const modules = examples.map(({ id }) => moduleOf(id));
  checked = await deno(["check", ...config, ...modules], folder);
  diagnostics = parseDiagnostics(checked.stderr);
  const runnable = examples.filter(({ id }) => !(id in NOT_RUN)).map(({ id }) => moduleOf(id));
  const { stdout } = await deno(
    ["run", "-A", "--no-check", ...config, support("run-modules.ts"), ...runnable],
    folder,
  );
  for (const line of stdout.split("\n").filter((line) => line.startsWith('{"module":'))) {
    const { module, error } = JSON.parse(line);
    ran.set(module, { error });
  }
}, 600_000);

afterAll(() => Deno.remove(folder, { recursive: true }));

test("there are examples, and each that is not run is one of them", () => {
  expect(examples.length).toBeGreaterThan(70);
  expect(examples.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(NOT_RUN)));
});

test("all were checked: nothing else went wrong", () => {
  const modules = new Set(examples.map(({ id }) => pathToFileURL(moduleOf(id)).href));
  const elsewhere = diagnostics.filter(({ url }) => !modules.has(url));
  expect(elsewhere).toEqual([]);
  expect(checked.success || diagnostics.length > 0, checked.stderr).toBe(true);
});

describe.each(examples)("the example $id", ({ id }) => {
  test("compiles", () => {
    const url = pathToFileURL(moduleOf(id)).href;
    expect(diagnostics.filter((each) => each.url === url).map(({ message }) => message))
      .toEqual([]);
  });

  // They need a server of the reader's own, so compiling is all that can be asked of them here.
  if (id in NOT_RUN) return;
  test("runs, and gives what it says", () => {
    expect(ran.get(moduleOf(id))).toEqual({ error: undefined });
  });
});

test("an example is read out of a docstring up to the next tag, and there may be several", () => {
  const docstring = "/**\n * Mean.\n *\n * @example\n * mean([1]); // 1\n * @example\n" +
    " * ```ts\n * mean([]);\n * ```\n * @default 1\n */";
  expect(examplesIn(docstring)).toEqual(["mean([1]); // 1", "mean([]);"]);
});

test("a module of an example imports what it names, and checks what it states", () => {
  const names = {
    own: new Set(["mean"]),
    api: new Set(["simulate", "size", "Run"]),
    spaces: new Map([["driftsched/api/tables.ts", new Set(["latencyTail"])]]),
    fixtures: new Set(["workload", "run"]),
  };
  const sources = { own: "own.ts", fixtures: "fixtures.ts", check: "gives.ts" };
  const code =
    "const run: Run = simulate(workload);\nmean([run.size]); // 2.5\nmean([1]); // 1 of 3\n" +
    "latencyTail();";
  expect(exampleModule({ id: "a.ts#1", code }, names, sources).split("\n")).toEqual([
    'import { simulate, Run } from "driftsched";',
    'import { mean } from "own.ts";',
    'import { workload } from "fixtures.ts";',
    'import { latencyTail } from "driftsched/api/tables.ts";',
    'import { gives } from "gives.ts";',
    "export const run: Run = simulate(workload);",
    "gives(mean([run.size]), 2.5);",
    "mean([1]);",
    "latencyTail();",
    "export {};",
  ]);
});
