import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DISPLAY } from "../../src/figures/display.ts";
import { sha256 } from "../../src/files/sha256.ts";
import { publishFigure } from "../../src/notebook/publish-figure.ts";
import { EXAMPLES, tableOf } from "../figures/support/examples.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "figures-"));
});
afterEach(() => rm(directory, { recursive: true }));

const [example] = EXAMPLES;
const figure = () => example.draw(tableOf(example.rows));
const publish = () => publishFigure(figure(), { notebook: "example", directory });

describe("publishFigure(figure, options)", () => {
  test("writes SVG, PNG and CSV into the notebook's folder and nothing else", async () => {
    await publish();
    expect((await readdir(join(directory, "example"))).sort()).toEqual([
      "error-over-time.csv",
      "error-over-time.png",
      "error-over-time.svg",
    ]);
  });

  test("says of each file its name, its hash and its length", async () => {
    const { files } = await publish();
    for (const [kind, { path, bytes, sha256: hash }] of Object.entries(files)) {
      expect(path).toBe(`error-over-time.${kind}`);
      const content = await readFile(join(directory, "example", path));
      expect(bytes).toBe(content.length);
      expect(hash).toBe(await sha256(new Uint8Array(content)));
    }
  });

  test("returns the figure, which shows itself as before", async () => {
    const published = await publish();
    const { files: _, ...rest } = published;
    expect(rest.svg).toBe(figure().svg);
    expect(published[DISPLAY]()).toEqual(figure()[DISPLAY]());
  });

  test("the files hold title and subtitle, and the CSV all rows", async () => {
    await publish();
    const read = (kind: string) =>
      readFile(join(directory, "example", `error-over-time.${kind}`), "utf8");
    const { subtitle } = figure();
    expect(await read("svg")).toContain(`>${subtitle}</text>`);
    const csv = await read("csv");
    expect(csv.split("\n")).toHaveLength(1 + example.rows.length + 1);
    expect(csv.endsWith("\n")).toBe(true);
    expect(csv.endsWith("\n\n")).toBe(false);
  });

  test("writes the same bytes again", async () => {
    const first = await publish();
    const second = await publish();
    expect(second.files).toEqual(first.files);
  });

  test.each(EXAMPLES)("$name is drawn at 1,504 pixels' width", async ({ rows, draw }) => {
    const { files } = await publishFigure(draw(tableOf(rows)), { notebook: "all", directory });
    const png = await readFile(join(directory, "all", files.png.path));
    expect(png.readUInt32BE(16)).toBe(2 * (720 + 32));
    expect(files.png.bytes).toBeGreaterThan(15_000);
  });

  test.each(["../outside", "a/b", "", ".hidden", "C:\\x"])(
    "refuses %j as the name of a notebook",
    async (notebook) => {
      await expect(publishFigure(figure(), { notebook, directory })).rejects.toThrow(
        /field notebook: .* expected a file name without .ipynb/,
      );
      await expect(stat(join(directory, "..", "outside"))).rejects.toThrow();
    },
  );
});

describe("the folder of figures", () => {
  afterEach(() => Deno.env.delete("DRIFTSCHED_FIGURES"));

  test("is the one that DRIFTSCHED_FIGURES names", async () => {
    Deno.env.set("DRIFTSCHED_FIGURES", join(directory, "elsewhere"));
    await publishFigure(figure(), { notebook: "example" });
    expect(await readdir(join(directory, "elsewhere", "example"))).toHaveLength(3);
  });

  test("is figures/ of the repository otherwise, wherever the kernel was started", async () => {
    const { figureFolder } = await import("../../src/notebook/figure-folder.ts");
    expect(figureFolder({ notebook: "example" })).toBe(
      join(import.meta.dirname!, "..", "..", "figures", "example"),
    );
  });
});
