import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimsTable, readResults } from "../../../src/reports/report/claims.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftsched-claims-"));
});
afterEach(() => rm(folder, { recursive: true }));

const claim = {
  id: "C1",
  title: "The error falls",
  effect: -0.388123,
  low: -0.41,
  high: -0.36,
  paper: -0.388,
  verdict: "reproduced",
};

test("readResults() gives the claims of the manifest and the figure files beside it", async () => {
  await writeFile(join(folder, "manifest.json"), JSON.stringify({ claims: [claim], other: 1 }));
  for (const name of ["b.svg", "a.csv", "c.svg.1.partial"]) await writeFile(join(folder, name), "");
  expect(await readResults(folder)).toEqual({
    claims: [claim],
    figures: [join(folder, "a.csv"), join(folder, "b.svg")],
  });
});

test("readResults() of a notebook without a manifest or without a folder has no claims", async () => {
  expect(await readResults(folder)).toEqual({ claims: [], figures: [] });
  expect(await readResults(join(folder, "none"))).toEqual({ claims: [], figures: [] });
  await writeFile(join(folder, "manifest.json"), "{}");
  expect(await readResults(folder)).toEqual({ claims: [], figures: [] });
});

test.each(["{", '{"claims":[{"id":1}]}', '{"claims":{}}'])(
  "readResults() of the manifest %j says what is wrong with it",
  async (text) => {
    await writeFile(join(folder, "manifest.json"), text);
    const { claims, problem } = await readResults(folder);
    expect(claims).toEqual([]);
    expect(problem).toContain("manifest.json: ");
  },
);

test("claimsTable() aligns its columns and shows what is missing as a dash", () => {
  const other = { ...claim, id: "C10", title: undefined, effect: 12, low: null, paper: "“none”" };
  expect(claimsTable([claim, other])).toBe(
    [
      "claim                   effect     95 % interval   paper  verdict",
      "C1     The error falls  -0.388  [-0.410, -0.360]  -0.388  reproduced",
      "C10                         12       [–, -0.360]  “none”  reproduced",
    ].join("\n"),
  );
});
