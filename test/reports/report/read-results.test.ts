import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readResults } from "../../../src/reports/report/read-results.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftsched-results-"));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (path: string) => ({ path, sha256: "0".repeat(64), bytes: 1 });
const manifest = {
  schemaVersion: 1,
  notebook: "small",
  parameters: { seeds: 2 },
  seeds: [1, 2],
  versions: { deno: "2.9.6", packages: {} },
  data: [],
  figures: [{
    name: "a",
    title: "A",
    files: { svg: file("a.svg"), png: file("a.png"), csv: file("a.csv") },
  }],
  claims: [],
};

test("readResults() gives the manifest and the files it names, not what else lies there", async () => {
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "old.svg"), "");
  expect(await readResults(folder)).toEqual({
    manifest,
    figures: ["a.svg", "a.png", "a.csv"].map((name) => join(folder, name)),
  });
});

test("readResults() without a manifest gives the files, and nothing without a folder", async () => {
  for (const name of ["b.svg", "a.csv", "c.svg.1.partial"]) await writeFile(join(folder, name), "");
  expect(await readResults(folder)).toEqual({
    manifest: null,
    figures: [join(folder, "a.csv"), join(folder, "b.svg")],
  });
  expect(await readResults(join(folder, "none"))).toEqual({ manifest: null, figures: [] });
});

test.each([
  ["{", "expected valid JSON"],
  [JSON.stringify({ ...manifest, claims: [{ id: 1 }] }), "field claims.0"],
])("readResults() of the manifest %j says what is wrong with it", async (text, reason) => {
  await writeFile(join(folder, "manifest.json"), text);
  const { manifest: read, problem } = await readResults(folder);
  expect(read).toBeNull();
  expect(problem).toContain(join(folder, "manifest.json"));
  expect(problem).toContain(reason);
});
