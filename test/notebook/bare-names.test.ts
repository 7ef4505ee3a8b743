import { readFile } from "node:fs/promises";
import * as aq from "arquero";
import * as Plot from "@observablehq/plot";
import { expect, test } from "vitest";
import * as preparedAq from "../../src/notebook/arquero.ts";
import * as preparedPlot from "../../src/notebook/plot.ts";

const json = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../${name}`, import.meta.url), "utf8"));

test("deno.json gives cells the prepared libraries, and src the libraries of package.json", async () => {
  const { imports, scopes } = await json("deno.json");
  const { dependencies } = await json("package.json");
  const names = ["@observablehq/plot", "arquero"];
  expect(imports).toMatchObject({
    "@observablehq/plot": "./src/notebook/plot.ts",
    arquero: "./src/notebook/arquero.ts",
  });
  expect(scopes).toEqual({
    "./src/": Object.fromEntries(
      names.map((name) => [name, `npm:${name}@${dependencies[name]}`]),
    ),
  });
});

test("the prepared libraries have every name of the libraries", () => {
  expect(Object.keys(preparedAq).sort()).toEqual(Object.keys(aq).sort());
  expect(Object.keys(preparedPlot).sort()).toEqual(Object.keys(Plot).sort());
  expect(preparedAq.from).toBe(aq.from);
  expect(preparedPlot.dot).toBe(Plot.dot);
});

test("outside a kernel tables are left as they are", () => {
  expect(Symbol.for("Jupyter.display") in aq.table({ a: [1] })).toBe(false);
});
