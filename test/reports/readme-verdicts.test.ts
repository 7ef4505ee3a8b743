import { expect, test } from "vitest";
import { verdictTable, withVerdicts } from "../../src/reports/readme-verdicts.ts";
import { freshReadme } from "../../src/tasks/readme.ts";

const claim = {
  id: "C1",
  title: "It helps",
  effect: -0.5,
  low: -0.6,
  high: -0.4,
  paper: -0.388,
  verdict: "reproduced" as const,
  n: 3,
};

test("verdictTable(columns) has a row a claim and a dash where a notebook cannot judge it", () => {
  const other = { ...claim, id: "C2", title: "It ranks", paper: null };
  const table = verdictTable([{ title: "a", claims: [claim, other] }, {
    title: "b",
    claims: [claim],
  }]);
  expect(table.split("\n")).toEqual([
    "| claim | paper | a | b |",
    "| --- | ---: | --- | --- |",
    "| C1 It helps | −0.388 | −0.500 (−0.600 to −0.400): **reproduced** | −0.500 (−0.600 to −0.400): **reproduced** |",
    "| C2 It ranks | – | −0.500 (−0.600 to −0.400): **reproduced** | – |",
  ]);
});

test("withVerdicts(readme, table) refuses a README without the marks", () => {
  expect(() => withVerdicts("# Title", "table")).toThrow(RangeError);
});

test("the README shows the verdicts of the committed manifests: run `deno task readme`", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  expect(readme).toBe(await freshReadme());
});
