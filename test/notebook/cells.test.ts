import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { exportHtml } from "../../src/reports/html/export-html.ts";
import { type Notebook, type Output, textOf } from "../../src/reports/notebook-format.ts";
import { runNotebook } from "../../src/reports/run-notebook.ts";
import { notebookOf, outputsOf } from "../reports/notebook-of.ts";
import { sampleProvenance } from "../reports/html/support/sample-provenance.ts";

const cwd = fileURLToPath(new URL("../../notebooks", import.meta.url));

function dataOf(output: Output | undefined): Record<string, string> {
  if (output === undefined || !("data" in output)) throw new Error("No data in this output");
  return Object.fromEntries(
    Object.entries(output.data).map(([type, value]) => [type, textOf(value as string | string[])]),
  );
}

async function execute(...cells: readonly string[]): Promise<Notebook> {
  const { notebook, failures } = await runNotebook(notebookOf(...cells), { cwd });
  expect(failures).toEqual([]);
  return notebook;
}

describe("what a cell may end with, Plot and Arquero imported by their names", () => {
  let executed: Notebook;
  let outputs: Output[][];
  beforeAll(async () => {
    executed = await execute(
      `import * as Plot from "@observablehq/plot";
       import * as aq from "arquero";
       import * as ds from "driftsched";
       import { describeWorkload } from "driftsched/analysis/describe-workload.ts";
       import { paperWorkload } from "driftsched/paper/workload.ts";
       const rows = Array.from({ length: 30 }, (_, i) => ({ policy: "<i>" + i, seconds: i / 4 }));
       undefined;`,
      `Plot.plot({ marks: [Plot.dot([[1, 2], [3, 4], [5, 6]])] })`,
      `Plot.dot([[1, 2], [3, 4]]).plot({ title: "Two dots", color: { legend: true } })`,
      `Plot.raster([0, 1, 2, 3], { width: 2, height: 2 }).plot({ color: { legend: true } })`,
      `aq.from(rows)`,
      `aq.from(rows).filter((d) => d.seconds > 7)`,
      `ds.showTable(rows)`,
      `ds.showTable(aq.from(rows), { caption: "Waiting", limit: 3 })`,
      `describeWorkload(paperWorkload({ requests: 300 }))`,
      `ds.help("simulate")`,
    );
    outputs = outputsOf(executed);
  });

  test("Plot.plot(options) is drawn, without a document and without a wrapper", () => {
    const { "text/html": html } = dataOf(outputs[1][0]);
    expect(html).toMatch(/^<svg /);
    expect(html.match(/<circle /g)).toHaveLength(3);
  });

  test("mark.plot(options) is drawn, with its title", () => {
    const { "text/html": html, "text/plain": plain } = dataOf(outputs[2][0]);
    expect(html).toMatch(/^<figure [^]*<h2>Two dots<\/h2>/);
    expect(html.match(/<circle /g)).toHaveLength(2);
    expect(plain).toBe("Two dots");
  });

  test("a continuous colour has its legend, and a raster its pixels", () => {
    const { "text/html": html } = dataOf(outputs[3][0]);
    expect(html.match(/<image [^>]*href="data:image\/png;base64,/g)).toHaveLength(2);
  });

  test("a bare Arquero table is a table, and says how many rows of how many it shows", () => {
    const { "text/html": html, "text/plain": plain } = dataOf(outputs[4][0]);
    expect(html).toContain('<table class="ds-table"><thead>');
    expect(html.match(/<tr>/g)).toHaveLength(1 + 20 + 1);
    expect(html).toContain("The first 20 of 30 rows");
    expect(html).toContain("&#x3C;i>0");
    expect(plain).toMatch(/^policy\tseconds\n<i>0\t0\n[^]*\nThe first 20 of 30 rows$/);
  });

  test("so is the result of a verb, and no line is added where all rows are shown", () => {
    const { "text/html": html } = dataOf(outputs[5][0]);
    expect(html.match(/<tr>/g)).toHaveLength(1 + 1);
    expect(html).not.toContain("The first");
  });

  test("showTable(rows) needs no options", () => {
    const { "text/html": html } = dataOf(outputs[6][0]);
    expect(html).not.toContain("<caption>");
    expect(html.match(/<tr>/g)).toHaveLength(1 + 30);
  });

  test("showTable(table, options) has its caption and its limit", () => {
    const { "text/html": html } = dataOf(outputs[7][0]);
    expect(html).toContain("<caption>Waiting</caption>");
    expect(html).toContain("The first 3 of 30 rows");
  });

  test("a table of the library's own shows itself", () => {
    expect(dataOf(outputs[8][0])["text/html"]).toContain('<table class="ds-table">');
  });

  test("help(name) is Markdown", () => {
    expect(dataOf(outputs[9][0])["text/markdown"]).toMatch(/^```ts\nsimulate\(workload: Workload/);
  });

  test("the HTML report shows the figures and the tables, and leaves nothing out", async () => {
    const html = await exportHtml(executed, { name: "cells", provenance: sampleProvenance });
    expect(html.match(/<circle /g)).toHaveLength(3 + 2);
    expect(html.match(/<table class="ds-table"/g)).toHaveLength(5);
    expect(html).toContain("<strong>Options (SimulateOptions)</strong>");
    expect(html).not.toContain("Left out of this output");
  });
});

test("importing driftsched changes nothing in the kernel; the first showTable() prepares it", async () => {
  const state = `[
    Symbol.for("Jupyter.display") in table,
    console.log === log,
    Deno[Deno.internal].jupyter.broadcastResult === broadcastResult,
    "window" in globalThis || "document" in globalThis,
  ].join();`;
  const notebook = await execute(
    // As in JupyterLab, where the runner's own hooks are not there.
    `delete globalThis[Symbol.for("driftsched.kernelBarrier")];
     const { log } = console;
     const { broadcastResult } = Deno[Deno.internal].jupyter;
     const ds = await import("driftsched");
     const { describeWorkload } = await import("driftsched/analysis/describe-workload.ts");
     const { paperWorkload } = await import("driftsched/paper/workload.ts");
     const table = describeWorkload(paperWorkload({ requests: 300 }));
     ${state}`,
    `ds.showTable(table); ${state}`,
    `ds.notebook();`,
  );
  const [imported, shown, again] = outputsOf(notebook)
    .map(([output]) => dataOf(output)["text/plain"].replaceAll('"', ""));
  expect(imported).toBe("false,true,true,false");
  expect(shown).toBe("true,true,false,false");
  expect(again).toBe("true");
});
