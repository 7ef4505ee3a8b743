import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import {
  buildDataPackage,
  type DataPackage,
} from "../../src/files/data-package/build-data-package.ts";
import { frictionlessFields } from "../../src/files/data-package/frictionless-fields.ts";
import { RESOURCES } from "../../src/files/data-package/resources.ts";
import { openTrace } from "../../src/files/open-trace.ts";
import { sha256 } from "../../src/files/sha256.ts";
import { dataPackageText } from "../../src/tasks/datapackage.ts";
import { ArenaTraceRow } from "../../src/workload/readers/formats/arena-trace.ts";

const data = new URL("../../data/", import.meta.url);
const committed = readFileSync(new URL("datapackage.json", data), "utf8");
const { resources } = JSON.parse(committed) as DataPackage;
const pathsOf = (path: string | readonly string[]) => typeof path === "string" ? [path] : path;

test("data/datapackage.json is what `deno task datapackage` writes", async () => {
  expect(committed).toBe(dataPackageText(await buildDataPackage()));
});

test("every file under data/ is in the package or belongs to it", () => {
  const described = new Set(resources.flatMap(({ path }) => pathsOf(path)));
  const others = readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(data.pathname, join(entry.parentPath, entry.name)))
    .filter((path) => !described.has(path));
  expect(others.sort()).toEqual([
    ".gitattributes",
    "README.md",
    "datapackage.json",
    "licenses/Apache-2.0.txt",
    "licenses/MIT-Microsoft.txt",
    "licenses/MIT-RAGPulse.txt",
    "sample_answers/README.md",
  ]);
});

test("what is not our own names a licence, whose text is there, and a source", () => {
  const foreign = resources.filter(({ type, licenses }) =>
    type === "table" && licenses![0].name !== "CC0-1.0"
  );
  expect(foreign.length).toBe(14);
  for (const { name, licenses, sources } of foreign) {
    expect(sources?.[0].path, name).toMatch(/^https:\/\/github\.com\//);
    const { path } = licenses![0];
    if (!path.startsWith("https:")) {
      expect(readFileSync(new URL(path, data), "utf8").length).toBeGreaterThan(1000);
    }
  }
});

test("sizes and hashes are those of the files, several files one after the other", async () => {
  for (const { name, path, bytes, hash } of resources) {
    const files = pathsOf(path).map((file) => readFileSync(new URL(file, data)));
    const content = new Uint8Array(Buffer.concat(files));
    expect([content.length, `sha256:${await sha256(content)}`], name).toEqual([bytes, hash]);
  }
});

test("the package is small enough to clone", () => {
  const total = resources.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(total).toBeLessThan(15 * 2 ** 20);
});

test("every bundled table passes its strict reader", async () => {
  for (const { path, traceFormat } of RESOURCES) {
    if (traceFormat === undefined) continue;
    const { report } = await openTrace(new URL(path, data));
    expect([path, report.format]).toEqual([path, traceFormat]);
  }
});

test("fields come from the row's schema: type, unit, bounds, in the order of the header", () => {
  const [output, client] = frictionlessFields(ArenaTraceRow, ["output_len", "client"]);
  expect(output).toEqual({
    name: "output_len",
    type: "integer",
    description: "length of the answer",
    unit: "tokens",
    constraints: { required: true, minimum: 1, maximum: 1024 },
  });
  expect(client).toMatchObject({ name: "client", type: "string", constraints: { minLength: 1 } });
  expect(() => frictionlessFields(ArenaTraceRow, ["model"])).toThrow("column model");
});
