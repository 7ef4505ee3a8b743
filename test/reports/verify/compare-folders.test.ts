import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256 } from "../../../src/files/sha256.ts";
import { canonicalJson } from "../../../src/files/canonical-json.ts";
import { compareFolders } from "../../../src/reports/verify/compare-folders.ts";
import { ITEMS, result } from "./results.ts";

let root: string;
const folder = (name: string) => join(root, name);
const write = (path: string, text: string) => Deno.writeTextFile(join(root, path), text);
const compare = () =>
  compareFolders({ notebook: "paper", committed: folder("committed"), now: folder("now") });

/** Writes a result with real files, whose hashes are those of the manifest. */
async function writeResult(name: string): Promise<void> {
  await Deno.mkdir(folder(name));
  const { manifest } = result();
  for (const { name: figure, files } of manifest.figures) {
    for (const file of Object.values(files)) {
      const content = `${figure},${file.path}\n1,2\n`;
      await write(`${name}/${file.path}`, content);
      Object.assign(file, { sha256: await sha256(content), bytes: content.length });
    }
  }
  await write(`${name}/manifest.json`, canonicalJson(manifest));
}

beforeEach(async () => {
  root = await Deno.makeTempDir();
  await writeResult("committed");
  await writeResult("now");
});
afterEach(() => Deno.remove(root, { recursive: true }));

test("two folders of the same bytes are identical in every item", async () => {
  expect(await compare()).toEqual({ total: ITEMS, differences: [] });
});

test("one byte of a file that the new run wrote is found although its manifest is the same", async () => {
  await write("now/tail.csv", "tail,tail.csv\n1,3\n");
  expect((await compare()).differences).toEqual([{
    notebook: "paper",
    kind: "figure",
    name: "tail",
    details: [
      "csv: 1 cell, first at row 2, column tail.csv: committed 2, now 3; " +
      "largest relative difference 0.33 at row 2, column tail.csv",
    ],
  }]);
});

test("a committed file changed by hand and one that is missing are found", async () => {
  await write("committed/tail.svg", "<svg/>");
  await Deno.remove(folder("committed/error.png"));
  const { differences } = await compare();
  expect(differences.map(({ name, details }) => [name, details])).toEqual([
    ["tail", [
      "svg: tail.svg is not the file that the committed manifest tells of",
      "svg: other bytes",
    ]],
    ["error", ["png: error.png is not there"]],
  ]);
});

test("what an interrupted run left half written is not looked at", async () => {
  await write("committed/tail.svg.partial", "<svg");
  expect((await compare()).differences).toEqual([]);
});

test.each<[string, () => Promise<void>, RegExp]>([
  [
    "a folder that is not there",
    () => Deno.remove(folder("committed"), { recursive: true }),
    /^committed: .*manifest\.json: expected a file that can be read/,
  ],
  [
    "a manifest that is no JSON",
    () => write("committed/manifest.json", "{"),
    /^committed: .*manifest\.json: expected JSON/,
  ],
  [
    "a manifest that does not fit the schema",
    () => write("committed/manifest.json", canonicalJson({ ...result().manifest, seeds: "1…3" })),
    /^committed: .*manifest\.json, field seeds: got "1…3", expected/,
  ],
])("%s is one difference, not a crash", async (_case, doctor, detail) => {
  await doctor();
  expect(await compare()).toEqual({
    total: 1,
    differences: [{
      notebook: "paper",
      kind: "manifest",
      name: "paper",
      details: [expect.stringMatching(detail)],
    }],
  });
});

test("a new run without a manifest is a difference of the run", async () => {
  await Deno.remove(folder("now/manifest.json"));
  expect(await compare()).toMatchObject({ total: 1, differences: [{ kind: "run" }] });
});
