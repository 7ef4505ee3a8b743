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

describe.each(["core.ts", "mod.ts"])("importing %s", (entry) => {
  test("changes nothing that other code could see", async () => {
    // Global names, and the properties of what libraries share: prototypes and the kernel's own API.
    const code = `
      import * as aq from "npm:arquero@8.0.3";
      const seen = () => JSON.stringify([globalThis, Deno, Deno.jupyter ?? {}, console,
        Array.prototype, Object.prototype, Promise.prototype, aq.ColumnTable.prototype]
        .map((each) => Reflect.ownKeys(each).map((key) => {
          const own = Object.getOwnPropertyDescriptor(each, key);
          return [String(key), typeof own.value === "function" ? ids(own.value) : typeof own.get];
        })));
      const known = new Map();
      const ids = (value) => known.get(value) ?? (known.set(value, known.size), known.get(value));
      const before = seen();
      await import(${JSON.stringify(new URL(`src/${entry}`, root).href)});
      console.log(seen() === before ? "same" : "changed");
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
    expect(text.decode(stdout).trim(), text.decode(stderr)).toBe("same");
  });
});
