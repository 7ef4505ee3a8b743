import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { nbconvert } from "../../../src/reports/jupyter/nbconvert.ts";
import { Notebook, type Output, textOf } from "../../../src/reports/notebook-format.ts";
import { jupyterTest } from "../../support/jupyter.ts";

const BARRIER = new URL("../../../src/notebook/kernel/barrier.ts", import.meta.url).href;
const WORK = await mkdtemp(join(tmpdir(), "driftsched-nbconvert-"));

afterAll(() => rm(WORK, { recursive: true, force: true }));

async function write(name: string, sources: readonly string[]): Promise<string> {
  const path = join(WORK, name);
  const kernelspec = { name: "deno", display_name: "Deno", language: "typescript" };
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `cell-${i}`,
    metadata: {},
    execution_count: null,
    source,
    outputs: [],
  }));
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells };
  await writeFile(path, JSON.stringify(notebook));
  return path;
}

/** All that a cell's outputs say, as one text. */
function said(outputs: readonly Output[]): string {
  return outputs.map((output) => {
    if (output.output_type === "error") return `error ${output.evalue}`;
    if (output.output_type === "stream") return textOf(output.text);
    const shown = output.data["text/html"] ?? output.data["text/plain"];
    return `${output.output_type} ${textOf(shown as string | string[])}\n`;
  }).join("");
}

const display = (mime: string, value: string) =>
  `({ [Symbol.for("Jupyter.display")]: () => ({ "${mime}": ${value} }) })`;
const logs = (count: number) => `for (let i = 0; i < ${count}; i++) console.log("line", i);`;
const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");

/** Kinds of cells that lose outputs through nbclient without the barrier; `$` is the cell's number. */
const KINDS: Record<string, { readonly source: string; readonly says: string }> = {
  "a result": { source: "$;", says: "execute_result $\n" },
  "a log and a result": { source: `${logs(1)} $;`, says: `${lines(1)}execute_result $\n` },
  "20 logs and a result": { source: `${logs(20)} $;`, says: `${lines(20)}execute_result $\n` },
  "100 logs": { source: logs(100), says: lines(100) },
  "500 KB of HTML": {
    source: `${display("text/html", '"$" + "x".repeat(500_000)')};`,
    says: `execute_result $${"x".repeat(500_000)}\n`,
  },
  "a display nobody awaits, a log and a result": {
    source: `Deno.jupyter.display(${display("text/plain", '"shown $"')}); ${logs(1)} $;`,
    says: `${lines(1)}display_data shown $\nexecute_result $\n`,
  },
};

const PER_KIND = 60;

jupyterTest(`nbconvert --execute keeps all outputs of ${PER_KIND} cells a kind`, async (made) => {
  const numbers = Array.from({ length: PER_KIND }, (_, i) => String(1000 + i));
  const expected = Object.entries(KINDS).flatMap(([kind, { source, says }]) =>
    numbers.map((number) => ({
      name: `${kind}: ${number}`,
      source: source.replaceAll("$", number),
      says: says.replaceAll("$", number),
    }))
  );
  const path = await write("kinds.ipynb", [
    `import { installKernelBarrier } from "${BARRIER}"; installKernelBarrier();`,
    ...expected.map(({ source }) => source),
  ]);
  const outputDirectory = join(WORK, "executed");
  const options = { environment: made, outputDirectory, to: "notebook" } as const;
  const executed = await readFile(await nbconvert(path, options), "utf8");
  const [, ...outputs] = Notebook.parse(JSON.parse(executed)).cells
    .map((cell) => cell.cell_type === "code" ? cell.outputs : []);
  // Where a display stands among the logs of its cell is the kernel's choice: sorted away.
  const sorted = (text: string) => text.split("\n").sort().join();
  const wrong = expected.filter(({ says }, i) => sorted(said(outputs[i])) !== sorted(says));
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

jupyterTest("nbconvert() names the error of a cell that fails and writes nothing", async (made) => {
  const path = await write("fails.ipynb", ["1;", 'throw new RangeError("no such tier: 7");']);
  const options = { environment: made, outputDirectory: join(WORK, "failed") };
  await expect(nbconvert(path, options)).rejects.toThrow(/RangeError[^]*no such tier: 7/);
  expect(await readdir(options.outputDirectory).catch(() => [])).toEqual([]);
});
