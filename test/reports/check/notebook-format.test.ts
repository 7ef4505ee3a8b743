import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unformattedNotebooks } from "../../../src/reports/check/notebook-format.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

test("unformattedNotebooks(paths, root) names those that deno fmt would change, and no others", async () => {
  const folder = await Deno.makeTempDir();
  const write = async (name: string, source: string[]) => {
    const path = join(folder, name);
    const cell = { cell_type: "code", execution_count: null, id: "a", metadata: {}, outputs: [] };
    const notebook = {
      cells: [{ ...cell, source }],
      metadata: { language_info: { name: "typescript" } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    await Deno.writeTextFile(path, `${JSON.stringify(notebook, null, 1)}\n`);
    return path;
  };
  try {
    const good = await write("good.ipynb", ["const a = 1;\n", "a;"]);
    const bad = await write("bad.ipynb", ["const   a=1"]);
    expect(await unformattedNotebooks([good, bad], ROOT)).toEqual([bad]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
