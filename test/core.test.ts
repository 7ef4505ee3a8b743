import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { CORE } from "./support/core-rooms.ts";

const root = new URL("../", import.meta.url);
const MOST_BYTES = 250_000;

async function gzipped(bytes: Uint8Array): Promise<number> {
  const stream = new Blob([bytes as BlobPart]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

describe("the platform-free entry, bundled for a browser", () => {
  let bytes: Uint8Array;
  let inputs: string[];
  beforeAll(async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [fileURLToPath(new URL("src/core.ts", root))],
      absWorkingDir: fileURLToPath(root),
      bundle: true,
      minify: true,
      platform: "browser",
      format: "esm",
      write: false,
      metafile: true,
      legalComments: "none",
      logLevel: "silent",
    });
    bytes = outputFiles[0].contents;
    inputs = Object.keys(metafile.inputs);
  });

  test("has at most 250 kB when gzipped", async () => {
    const size = await gzipped(bytes);
    expect(size).toBeLessThanOrEqual(MOST_BYTES);
    // A bundle without its content would be small too.
    expect(size).toBeGreaterThan(100_000);
    expect(inputs).toEqual(expect.arrayContaining([
      "src/simulation/simulate.ts",
      "src/gateway/gateway.ts",
      "src/servers/continuous/skipping-core.ts",
      "src/analysis/summarize-run.ts",
    ]));
  });

  test("takes of src only rooms that know no platform, and the paper's", () => {
    const rooms = new Set(
      inputs.filter((path) => path.startsWith("src/")).map((path) => path.split("/")[1]),
    );
    const known = [...CORE, "paper", "api", "core.ts"];
    expect([...rooms].filter((room) => !known.includes(room))).toEqual([]);
  });
});

/** Global names that libraries take for themselves, none of which we can keep them from. */
const LIBRARIES = ["globalThis.__zod_globalConfig", "globalThis.__zod_globalRegistry"];

describe.each(["core.ts", "mod.ts"])("importing %s", (entry) => {
  test("changes nothing that other code could see", async () => {
    // Global names, and the properties of what libraries share.
    const code = `
      import * as aq from "npm:arquero@8.0.3";
      const known = new Map();
      const idOf = (value) => known.get(value) ?? (known.set(value, known.size), known.get(value));
      const shared = { globalThis, Deno, console, Array: Array.prototype, Object: Object.prototype,
        Promise: Promise.prototype, ColumnTable: aq.ColumnTable.prototype };
      const seen = () => new Map(Object.entries(shared).flatMap(([name, each]) =>
        Reflect.ownKeys(each).map((key) => {
          const { value, get } = Object.getOwnPropertyDescriptor(each, key);
          return [name + "." + String(key), typeof value === "function" ? idOf(value) : typeof get];
        })));
      const before = seen();
      await import(${JSON.stringify(new URL(`src/${entry}`, root).href)});
      const after = seen();
      const names = [...new Set([...before.keys(), ...after.keys()])];
      console.log(names.filter((name) => before.get(name) !== after.get(name)).join());
    `;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        "--config",
        fileURLToPath(new URL("deno.json", root)),
        code,
      ],
      cwd: fileURLToPath(root),
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder();
    expect(text.decode(stderr)).toBe("");
    expect(
      text.decode(stdout).trim().split(",").filter((name) =>
        name !== "" && !LIBRARIES.includes(name)
      ),
    )
      .toEqual([]);
  });
});
