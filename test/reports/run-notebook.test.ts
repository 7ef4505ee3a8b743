import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { serializeNotebook } from "../../src/reports/notebook-file.ts";
import { type Notebook, type Output, textOf } from "../../src/reports/notebook-format.ts";
import { runNotebook, type RunNotebookOptions } from "../../src/reports/run-notebook.ts";
import { notebookOf, outputsOf } from "./notebook-of.ts";

const cwd = fileURLToPath(new URL("../fixtures/notebooks", import.meta.url));

function run(notebook: Notebook, options: Partial<RunNotebookOptions> = {}) {
  return runNotebook(notebook, { cwd, settleSeconds: 0.2, ...options });
}

function textsOf(outputs: readonly Output[], name = "stdout"): string {
  return outputs.map((output) =>
    output.output_type === "stream" && output.name === name ? textOf(output.text) : ""
  ).join("");
}

function dataOf(output: Output | undefined, type: string): string {
  if (output === undefined || !("data" in output)) throw new Error("No data in this output");
  return textOf(output.data[type] as string | string[]);
}

const CELLS = 60;

/** Lines "k: 0" to "k: n-1", which tell a line that landed in the cell of another k. */
const logs = (n: number, k: number) => Array.from({ length: n }, (_, i) => `${k}: ${i}\n`).join("");
const logging = (n: number) => (k: number) =>
  `for (let i = 0; i < ${n}; i++) console.log("${k}:", i)`;
const nothingBut = (n: number) => (outputs: Output[], k: number) => {
  expect(outputs).toEqual([{ output_type: "stream", name: "stdout", text: logs(n, k) }]);
};

interface Kind {
  readonly name: string;
  readonly source: (k: number) => string;
  readonly expect: (outputs: Output[], k: number) => void;
}

const KINDS: readonly Kind[] = [
  {
    name: "result only",
    source: (k) => `${k} + 0.5`,
    expect(outputs, k) {
      expect(outputs).toHaveLength(1);
      expect(dataOf(outputs[0], "text/plain")).toBe(String(k + 0.5));
    },
  },
  {
    name: "one log and a result",
    source: (k) => `console.log("${k}: 0"); ${k}`,
    expect(outputs, k) {
      expect(outputs.map((output) => output.output_type)).toEqual(["stream", "execute_result"]);
      expect(textsOf(outputs)).toBe(logs(1, k));
      expect(dataOf(outputs[1], "text/plain")).toBe(String(k));
    },
  },
  { name: "5 logs", source: logging(5), expect: nothingBut(5) },
  { name: "20 logs", source: logging(20), expect: nothingBut(20) },
  { name: "100 logs", source: logging(100), expect: nothingBut(100) },
  {
    name: "500 KB of HTML as result",
    source: (k) => `Deno.jupyter.html\`<p id="k${k}">\${"x".repeat(500_000)}</p>\``,
    expect(outputs, k) {
      expect(outputs).toHaveLength(1);
      const html = dataOf(outputs[0], "text/html");
      expect(html.length).toBe(`<p id="k${k}"></p>`.length + 500_000);
      expect(html.startsWith(`<p id="k${k}">x`)).toBe(true);
    },
  },
  {
    name: "display that nobody awaits",
    source: (k) =>
      `Deno.jupyter.display({
      async [Symbol.for("Jupyter.display")]() {
        await new Promise((resolve) => setTimeout(resolve, 3));
        return { "text/plain": "shown ${k}" };
      },
    });
    undefined;`,
    expect(outputs, k) {
      expect(outputs).toHaveLength(1);
      expect(dataOf(outputs[0], "text/plain")).toBe(`shown ${k}`);
    },
  },
  {
    name: "Plot as last expression",
    source: (k) => `Plot.plot({ document, marks: [Plot.dot([[1, 2], [3, ${k}]])] })`,
    expect(outputs) {
      expect(outputs).toHaveLength(1);
      expect(dataOf(outputs[0], "text/html").match(/<circle /g)).toHaveLength(2);
    },
  },
];

const PLOT = `import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
const { document } = parseHTML("<html></html>");
undefined;`;

describe("runNotebook() keeps every output", () => {
  test(`of ${CELLS} cells of each of ${KINDS.length} kinds`, async () => {
    const sources = KINDS.flatMap(({ source }) =>
      Array.from({ length: CELLS }, (_, k) => source(k))
    );
    const { notebook, failures, warnings, cellSeconds } = await run(notebookOf(PLOT, ...sources));
    expect(failures).toEqual([]);
    expect(warnings).toEqual([]);
    expect(cellSeconds.every((seconds) => seconds !== null && seconds > 0)).toBe(true);
    const [imports, ...outputs] = outputsOf(notebook);
    expect(imports).toEqual([]);
    for (const [i, { expect: check }] of KINDS.entries()) {
      for (let k = 0; k < CELLS; k++) check(outputs[i * CELLS + k], k);
    }
  });

  test("also on a Deno whose internals have changed, and says that it had to wait", async () => {
    const sources = KINDS.map(({ source }) => source(7));
    const { notebook, failures, warnings } = await run(notebookOf(PLOT, ...sources), {
      env: { DRIFTSCHED_KERNEL_INTERNALS: "0" },
    });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("waited for silence")]);
    const [, ...outputs] = outputsOf(notebook);
    for (const [i, { expect: check }] of KINDS.entries()) check(outputs[i], 7);
  });

  test("of a cell that displays megabytes and then throws", async () => {
    const { notebook, failures } = await run(notebookOf(
      `console.log("before");
      await Deno.jupyter.display({ "text/html": "x".repeat(5_000_000) }, { raw: true });
      console.log("y".repeat(2_000_000));
      for (let i = 0; i < 300; i++) console.log("${0}:", i);
      throw new RangeError("after all that");`,
    ));
    const [outputs] = outputsOf(notebook);
    expect(outputs.map((output) => output.output_type))
      .toEqual(["stream", "display_data", "stream", "error"]);
    expect(dataOf(outputs[1], "text/html").length).toBe(5_000_000);
    expect(textsOf(outputs)).toBe(`before\n${"y".repeat(2_000_000)}\n${logs(300, 0)}`);
    expect(failures).toMatchObject([{ ename: "RangeError", evalue: "after all that" }]);
  });

  test("of a progress bar as one output, in its last state", async () => {
    const { notebook } = await run(notebookOf(
      `const show = (done, update) => Deno.jupyter.display(
        { "text/plain": done + " %" }, { raw: true, update, display_id: "bar" });
      await show(0, false);
      for (let i = 1; i <= 50; i++) await show(2 * i, true);`,
    ));
    const [outputs] = outputsOf(notebook);
    expect(outputs).toHaveLength(1);
    expect(dataOf(outputs[0], "text/plain")).toBe("100 %");
  });

  test("and answers prompt() and confirm() at once, as nobody is there", async () => {
    const { notebook } = await run(notebookOf('[prompt("name?", "x"), confirm("sure?")]'));
    expect(dataOf(outputsOf(notebook)[0][0], "text/plain")).toBe("[ null, false ]");
  });
});

describe("runNotebook() names the cell that fails and stops there", () => {
  interface Failing {
    readonly name: string;
    readonly source: string;
    readonly failure: Record<string, unknown>;
  }
  const failing: readonly Failing[] = [
    {
      name: "a thrown error",
      source: "const rate = -1;\nthrow new TypeError(`bad rate ${rate}`);",
      failure: { kind: "error", ename: "TypeError", evalue: "bad rate -1" },
    },
    {
      name: "a thrown string",
      source: 'throw "just text";',
      failure: { kind: "error", evalue: "just text" },
    },
    {
      name: "a rejected await",
      source: 'await Promise.reject(new Error("awaited"));',
      failure: { kind: "error", evalue: "awaited" },
    },
    {
      name: "a syntax error",
      source: "const a = 1;\nlet b = = 2;",
      failure: {
        kind: "error",
        ename: "SyntaxError",
        evalue: "Expression expected (line 2, column 9)",
      },
    },
    {
      name: "a missing module",
      source: 'import { x } from "./no-such-file.ts";\nx;',
      failure: { kind: "error", evalue: expect.stringContaining("no-such-file.ts") },
    },
    {
      name: "a floating rejection",
      source: 'Promise.reject(new Error("floating"));\nundefined;',
      failure: { kind: "stray error", evalue: "floating (unhandled rejection)" },
    },
    {
      name: "a throw in a timer",
      source: 'setTimeout(() => { throw new Error("timed") }, 0);\nundefined;',
      failure: { kind: "stray error", evalue: "timed (uncaught error)" },
    },
    {
      name: "an object that cannot be displayed",
      source: '({ [Symbol.for("Jupyter.display")]() { throw new Error("shy") } });',
      failure: { kind: "error", evalue: "shy" },
    },
    {
      name: "a display nobody awaits that throws",
      source: `Deno.jupyter.display({
        [Symbol.for("Jupyter.display")]() { throw new Error("shy") } });
      undefined;`,
      failure: { kind: "stray error", evalue: "shy (unhandled rejection)" },
    },
    {
      name: "the death of the kernel",
      source: 'console.log("last words");\nDeno.exit(3);',
      failure: { kind: "kernel death", evalue: "The kernel ended with exit code 3" },
    },
    {
      name: "the death of the kernel by a signal",
      source: 'Deno.kill(Deno.pid, "SIGKILL"); await new Promise(() => {});',
      failure: { kind: "kernel death", evalue: "The kernel ended with signal SIGKILL" },
    },
  ];

  test.each(failing)("$name", async ({ source, failure }) => {
    const original = notebookOf('console.log("first");', source, 'console.log("never");');
    const { notebook, failures, cellSeconds } = await run(original);
    const [line] = source.split("\n");
    expect(failures).toMatchObject([{ cellId: "c2", ...failure }]);
    expect(failures[0].cell).toContain("cell 2 (id c2, `");
    expect(failures[0].cell).toContain(line.slice(0, 30));
    const [first, failed, never] = outputsOf(notebook);
    expect(textsOf(first)).toBe("first\n");
    expect(failed.at(-1)).toMatchObject({
      output_type: "error",
      evalue: failures[0].evalue,
      traceback: [expect.stringMatching(/\S/), ...failures[0].traceback.slice(1)],
    });
    expect(failed.filter((output) => output.output_type === "error")).toHaveLength(1);
    expect(never).toEqual([]);
    expect(cellSeconds[2]).toBeNull();
    const counts = notebook.cells.map((cell) => "execution_count" in cell && cell.execution_count);
    expect(counts).toEqual([1, 2, null]);
    expect(outputsOf(original)).toEqual([[], [], []]);
  });

  test("and keeps what a cell printed before the kernel died", async () => {
    const { notebook } = await run(notebookOf('console.log("last words");\nDeno.exit(3);'));
    expect(textsOf(outputsOf(notebook)[0])).toBe("last words\n");
  });

  test("the cell that an error comes from, not the one that runs when it surfaces", async () => {
    const { failures } = await run(notebookOf(
      "(async () => { await new Promise((ok) => setTimeout(ok, 60)); throw new Error('late') })();" +
        "undefined;",
      'setTimeout(() => { throw new Error("timer") }, 60);\nundefined;',
      'console.log("innocent");',
      "await new Promise((resolve) => setTimeout(resolve, 200));",
    ));
    expect(failures).toMatchObject([
      { cellId: "c1", evalue: "late (unhandled rejection)" },
      { cellId: "c2", evalue: "timer (uncaught error)" },
    ]);
  });

  test("an error of a worker that nobody listens to, also after the last cell", async () => {
    const worker =
      'data:application/javascript,setTimeout(() => { throw new Error("inside") }, 50)';
    const { failures } = await run(
      notebookOf(`new Worker(${JSON.stringify(worker)}, { type: "module" });\nundefined;`, "1"),
      { settleSeconds: 5 },
    );
    expect(failures).toMatchObject([{ cellId: "c1", kind: "stray error" }]);
    expect(failures[0].evalue).toContain("inside");
  });

  test("a cell that takes too long, also one that never yields", async () => {
    const options = { timeoutSeconds: 0.5 };
    const sources = ["console.log('spinning');\nwhile (true) {}", "await new Promise(() => {});"];
    const runs = await Promise.all(sources.map((source) => run(notebookOf(source, "1"), options)));
    for (const { failures, notebook } of runs) {
      expect(failures).toMatchObject([{
        cellId: "c1",
        kind: "time-out",
        evalue: "The cell ran longer than 0.5 s",
      }]);
      expect(outputsOf(notebook)[1]).toEqual([]);
    }
    expect(textsOf(outputsOf(runs[0].notebook)[0])).toBe("spinning\n");
  });

  test("a cell that was at work when the caller interrupted", async () => {
    const controller = new AbortController();
    const { failures } = await run(notebookOf("1", "await new Promise(() => {});"), {
      signal: controller.signal,
      onCell: ({ number }) => void (number === 2 && setTimeout(() => controller.abort(), 50)),
    });
    expect(failures).toMatchObject([{ cellId: "c2", kind: "interrupted" }]);
  });
});

describe("runNotebook()", () => {
  test("gives the same bytes for the same notebook", async () => {
    const notebook = notebookOf(
      PLOT,
      'console.log("a"); console.error("b"); Plot.plot({ document, marks: [Plot.dot([[1, 2]])] })',
      'Deno.jupyter.display({ "text/plain": "late" }, { raw: true }); [1, { x: new Date(0) }]',
      'for (let i = 0; i < 30; i++) console.log(i); throw new Error("the end")',
    );
    const texts = (await Promise.all([run(notebook), run(notebook), run(notebook)]))
      .map(({ notebook: executed }) => serializeNotebook(executed));
    expect(texts[1]).toBe(texts[0]);
    expect(texts[2]).toBe(texts[0]);
  });

  test("drops old outputs, skips blank cells and counts the cells that run from 1", async () => {
    const notebook = notebookOf("1", "  \n", "2");
    outputsOf(notebook)[1].push({ output_type: "stream", name: "stdout", text: "old" });
    const progress: string[] = [];
    const { notebook: executed, cellSeconds } = await run(notebook, {
      onCell: ({ number, total, cell }) => progress.push(`${number}/${total} ${cell.id}`),
    });
    expect(outputsOf(executed)[1]).toEqual([]);
    expect(executed.cells.map((cell) => "execution_count" in cell && cell.execution_count))
      .toEqual([1, null, 2]);
    expect(cellSeconds[1]).toBeNull();
    expect(progress).toEqual(["1/3 c1", "3/3 c3"]);
  });

  test("runs in its folder, in UTC and without colours, with the environment it is given", async () => {
    const { notebook } = await run(
      notebookOf("[Deno.cwd(), Deno.env.get('X'), Deno.noColor, new Date(0).getTimezoneOffset()]"),
      { env: { X: "given" } },
    );
    expect(dataOf(outputsOf(notebook)[0][0], "text/plain").replaceAll(/\s+/g, " "))
      .toBe(`[ "${cwd}", "given", true, 0 ]`);
  });

  test("leaves no kernel behind", async () => {
    const { notebook } = await run(notebookOf("Deno.pid"));
    const pid = Number(dataOf(outputsOf(notebook)[0][0], "text/plain"));
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
