import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseWith } from "../../src/errors/parse-with.ts";
import {
  FigureManifest,
  type ManifestParts,
  writeManifest,
} from "../../src/notebook/figure-manifest.ts";
import { publishFigure } from "../../src/notebook/publish-figure.ts";
import { EXAMPLES, tableOf } from "../figures/support/examples.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "manifest-"));
});
afterEach(() => rm(directory, { recursive: true }));

const CLAIM = {
  id: "C1",
  title: "Calibration lowers the error",
  definition: "left out",
  scale: "relative",
  effect: -0.6,
  low: NaN,
  high: -0.59,
  paper: -0.388,
  ratio: 1.5,
  threshold: -0.194,
  verdict: "reproduced",
  n: 30,
};

async function parts(): Promise<ManifestParts> {
  const [example] = EXAMPLES;
  const figure = await publishFigure(example.draw(tableOf(example.rows)), {
    notebook: "example",
    directory,
  });
  return {
    notebook: "example",
    directory,
    parameters: { seeds: 30, counting: "split" },
    seeds: [1, 2, 3],
    claims: [CLAIM],
    figures: [figure],
    data: ["data/words_per_token.json"],
  };
}
const read = () => readFile(join(directory, "example", "manifest.json"), "utf8");

test("writeManifest(parts) keeps figures with their files' hashes, data, seeds, versions, claims", async () => {
  const given = await parts();
  await writeManifest(given);
  const manifest = parseWith(FigureManifest, JSON.parse(await read()), "manifest.json");
  expect(manifest.figures).toEqual([{
    name: "error-over-time",
    title: given.figures[0].title,
    files: given.figures[0].files,
  }]);
  expect(manifest.seeds).toEqual([1, 2, 3]);
  expect(manifest.data).toEqual([{
    path: "data/words_per_token.json",
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  }]);
  expect(manifest.versions).toMatchObject({
    deno: Deno.version.deno,
    packages: { "@observablehq/plot": "0.6.17", "@resvg/resvg-wasm": "2.6.2" },
  });
});

test("of a claim only what a reader compares is kept, with null for numbers that are none", async () => {
  await writeManifest(await parts());
  expect(JSON.parse(await read()).claims).toEqual([{
    id: "C1",
    title: "Calibration lowers the error",
    effect: -0.6,
    low: null,
    high: -0.59,
    paper: -0.388,
    verdict: "reproduced",
    n: 30,
  }]);
});

test("is canonical: sorted keys, two spaces, a last newline, the same bytes again", async () => {
  const given = await parts();
  await writeManifest(given);
  const first = await read();
  const { counting, seeds } = given.parameters;
  await writeManifest({ ...given, parameters: { counting, seeds } });
  expect(await read()).toBe(first);
  expect(first.endsWith("}\n")).toBe(true);
  const keys = [...first.matchAll(/^ {2}"(\w+)":/gm)].map(([, key]) => key);
  expect(keys).toEqual(keys.toSorted());
});

test("knows no clock, no path of the machine and no name of a host", async () => {
  await writeManifest(await parts());
  const text = await read();
  expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}T|\d{13}/);
  expect(text).not.toContain(directory);
  expect(text).not.toContain(join(import.meta.dirname!, "..", ".."));
});

test.each([
  ["a data file that is not there", { data: ["data/missing.json"] }, /missing\.json/],
  ["a parameter that JSON cannot hold", { parameters: { rate: Infinity } }, /parameters/],
  ["a seed that is not whole", { seeds: [1.5] }, /seeds/],
  ["a verdict that is none", { claims: [{ ...CLAIM, verdict: "maybe" }] }, /verdict: got "maybe"/],
])("refuses %s, and writes nothing then", async (_what, wrong, message) => {
  const given = await parts();
  await expect(writeManifest({ ...given, ...wrong })).rejects.toThrow(message);
  expect(await readdir(join(directory, "example"))).not.toContain("manifest.json");
});
