import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EVERY_WRITER } from "../src/traces/formats.ts";
import { notebookOf, outputsOf } from "./reports/notebook-of.ts";
import { typescriptBlocks } from "./support/examples/markdown-blocks.ts";
import { runDeno } from "./support/run-deno.ts";

const ROOT = new URL("..", import.meta.url);
const read = (name: string) => Deno.readTextFile(new URL(name, ROOT));

test("the README gives a reason for every dependency, and for none that is gone", async () => {
  const readme = await read("README.md");
  const { dependencies, devDependencies } = JSON.parse(await read("package.json"));
  const table = readme.slice(readme.indexOf("| package | why |"), readme.indexOf("`package.json`"));
  const named = [...table.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
    .filter((name) => !/\.\w+$/.test(name));
  expect(named.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
});

test("every task of deno.json that a user starts stands in the README", async () => {
  const readme = await read("README.md");
  const { tasks } = JSON.parse(await read("deno.json"));
  const missing = Object.keys(tasks).filter((task) => !new RegExp(`\\b${task}\\b`).test(readme));
  expect(missing).toEqual([]);
});

test("the README's picture is a committed figure", async () => {
  const [, picture] = (await read("README.md")).match(/!\[[^\]]+\]\(([^)]+)\)/)!;
  expect((await Deno.stat(new URL(picture, ROOT))).isFile).toBe(true);
});

test("the table of folders has every room of src, and none that is gone", async () => {
  const readme = await read("README.md");
  const table = readme.slice(readme.indexOf("| folder | holds |"), readme.indexOf("| `test/` |"));
  const named = [...table.matchAll(/`src\/([\w-]+)(?:\/|\.ts)`/g)].map(([, name]) => name);
  const rooms = [...Deno.readDirSync(new URL("src/", ROOT))]
    .map(({ name }) => name.replace(/\.ts$/, ""));
  expect(named.sort()).toEqual(rooms.sort());
});

test("every notebook is spoken of, and none that is not there", async () => {
  const readme = await read("README.md");
  const notebooks = [...Deno.readDirSync(new URL("notebooks/", ROOT))]
    .filter(({ name }) => /^\w.*\.ipynb$/.test(name)).map(({ name }) => name.replace(".ipynb", ""));
  const named = [...readme.matchAll(/^\| `(\d\d-[\w-]+)` \|/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(notebooks.sort());
});

test("the formats that are said to be written are those that can be", async () => {
  const [, written] = /Written: ([^.]+)\./.exec(await read("README.md"))!;
  const named = [...written.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(EVERY_WRITER.map(({ name }) => name).sort());
});

test("commands that are shown name tasks and options that exist", async () => {
  const { tasks } = JSON.parse(await read("deno.json"));
  const blocks = [...(await read("README.md")).matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block]) => block.replaceAll("\\\n", " ").split("\n"));
  const commands = blocks.flatMap((line) => {
    const [, task, rest] = /\btask ([\w-]+)([^#]*)/.exec(line) ?? [];
    return task === undefined ? [] : [{ task, options: rest.match(/--[\w-]+/g) ?? [] }];
  });
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.map(({ task }) => task).filter((task) => !(task in tasks))).toEqual([]);
  const unknown = await Promise.all(
    commands.filter(({ options }) => options.length > 0).map(async ({ task, options }) => {
      const [, ...args] = tasks[task].split(" ");
      const { stdout: help } = await deno([...args, "--help"]);
      return options.filter((option) => !help.includes(option)).map((each) => `${task} ${each}`);
    }),
  );
  expect(unknown.flat()).toEqual([]);
});

test("documents that are linked are there", async () => {
  const links = [...(await read("README.md")).matchAll(/\]\((?!https?:)([^)#]+)\)/g)];
  expect(links.length).toBeGreaterThan(2);
  for (const [, path] of links) {
    expect((await Deno.stat(new URL(path, ROOT))).isFile, path).toBe(true);
  }
});

test("the diagram has the flow of the design, and feedback as the only arrow back", async () => {
  const [, diagram] = /```mermaid\n([^]*?)```/.exec(await read("README.md"))!;
  const arrows = [...diagram.matchAll(/^\s*(\w+)(?:\[.*?\])? (-->|-\..*\.->) (\w+)/gm)]
    .map(([, from, arrow, to]) => `${from} ${arrow === "-->" ? "→" : "⇠"} ${to}`);
  expect(arrows).toEqual([
    "workload → gateway",
    "gateway → servers",
    "servers → run",
    "run → analysis",
    "analysis → figures",
    "figures → notebooks",
    "notebooks → report",
    "servers ⇠ gateway",
  ]);
});

const blocksBelow = async (heading: string) =>
  typescriptBlocks(await read("README.md")).filter((block) => block.heading === heading)
    .map(({ code }) => code);

const deno = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runDeno(args, { cwd: fileURLToPath(ROOT), env });

test("the quick start is 15 lines and an import, compiles, and prints the table below it", async () => {
  const [code, ...others] = await blocksBelow("Quick start");
  expect(others).toEqual([]);
  const [first, ...lines] = code.split("\n").filter((line) => line !== "");
  expect(first).toBe('import * as ds from "driftsched";');
  expect(lines.length).toBeLessThanOrEqual(15);
  const file = fileURLToPath(new URL(`.readme-${crypto.randomUUID()}.ts`, ROOT));
  await Deno.writeTextFile(file, code);
  const ran = await deno(["run", "-A", "--check", file], {}).finally(() => Deno.remove(file));
  expect(ran.code, ran.stderr).toBe(0);
  const [, table] = /```text\n([^]*?)```/.exec(await read("README.md"))!;
  expect(ran.stdout).toContain(table);
  // HRRN gains as much over FIFO as SJF does, to a second.
  const seconds = Object.fromEntries(
    [...table.matchAll(/"(\w+)" +│ +(\d+) │ +(\d+) │/g)]
      .map(([, policy, p50, p99]) => [policy, [Number(p50), Number(p99)]]),
  );
  [0, 1].forEach((at) => {
    expect(seconds.hrrn[at]).toBeLessThan(0.95 * seconds.fifo[at]);
    expect(Math.abs(seconds.hrrn[at] - seconds.sjf[at])).toBeLessThanOrEqual(1);
  });
  expect(ran.stderr).toContain("run in this thread");
});

test("the notebook of one's own runs by the command beside it, and makes its figure", async () => {
  const cells = await blocksBelow("In Jupyter");
  const notebook = notebookOf(...cells);
  notebook.cells[0].metadata = { tags: ["parameters"] };
  // Below the repository, as the README says: bare names are found there.
  const folder = fileURLToPath(new URL(`.readme-${crypto.randomUUID()}`, ROOT));
  await Deno.mkdir(folder);
  try {
    const path = join(folder, "my-notebook.ipynb");
    await Deno.writeTextFile(path, JSON.stringify(notebook));
    const [, rest] = /task report my-notebook (.+)\n/.exec(await read("README.md"))!;
    const figures = join(folder, "figures");
    const { code, stderr } = await deno(
      ["run", "-A", "src/tasks/report.ts", path, ...rest.split(" ")],
      { DRIFTSCHED_FIGURES: figures },
    );
    expect(code, stderr).toBe(0);
    const made = [...Deno.readDirSync(join(figures, "my-notebook"))].map(({ name }) => name).sort();
    expect(made).toEqual(["manifest.json", "waits.csv", "waits.png", "waits.svg"]);
    const manifest = JSON.parse(
      await Deno.readTextFile(join(figures, "my-notebook/manifest.json")),
    );
    expect(manifest.parameters).toEqual({ requests: 300, seed: 2 });
    const executed = JSON.parse(
      await Deno.readTextFile(join(figures, "reports/my-notebook.ipynb")),
    );
    const shown = outputsOf(executed).map((outputs) => JSON.stringify(outputs));
    // The injected parameters are a cell more: the table, the plot and the help show themselves.
    expect(shown[3]).toContain("<table");
    expect(shown[4]).toContain("<svg");
    expect(shown[5]).toContain("SimulateOptions");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}, 120_000);
