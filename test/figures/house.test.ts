import * as aq from "arquero";
import * as Plot from "@observablehq/plot";
import { transform } from "esbuild";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { DISPLAY } from "../../src/figures/display.ts";
import type { Figure } from "../../src/figures/figure.ts";
import * as house from "../../src/figures/house.ts";
import { standaloneSvg } from "../../src/figures/standalone-svg.ts";
import { COLOURS } from "../../src/figures/theme/palette.ts";
import { examplesIn } from "../support/examples/doc-examples.ts";
import { overlaps, textBoxes } from "./support/text-boxes.ts";
import { parseSvg } from "./support/svg.ts";

/** The figure of the example in the docstring of `figure`. */
async function figureOfExample(): Promise<Figure> {
  const source = await readFile(new URL("../../src/figures/house.ts", import.meta.url), "utf8");
  const example = examplesIn(source).find((code) => code.includes("house.figure("))!;
  const body = example.replace(/^import .*$/gm, "");
  const { code } = await transform(body, { loader: "ts" });
  let published: Figure | undefined;
  const publisher = () => ({ figure: (figure: Figure) => void (published = figure) });
  const run = new Function(
    ...["aq", "Plot", "house", "publisher"],
    `return (async () => { ${code} })();`,
  );
  await run(aq, Plot, house, publisher);
  return published!;
}

let own: Figure;
beforeAll(async () => {
  own = await figureOfExample();
});

describe("the figure of the docstring's example", () => {
  test("has its title, its key and its alternative text in the SVG", () => {
    for (const svg of [own.svg, standaloneSvg(own)]) {
      const { root, all, texts } = parseSvg(svg);
      expect(root.getAttribute("role")).toBe("img");
      expect(all("#ds-waits-title")[0].textContent).toBe(own.title);
      expect(all("#ds-waits-desc")[0].textContent).toContain("At load 0.9: FIFO 20 s, HRRN 14 s.");
      expect(texts).toEqual(expect.arrayContaining(["FIFO", "hrrn"]));
    }
    expect(parseSvg(standaloneSvg(own)).texts).toContain(own.title);
  });

  test("draws a line a series, in the look that the key shows", () => {
    const { all } = parseSvg(own.svg);
    const [fifo, hrrn] = house.series(["fifo", "hrrn"]);
    const lines = all('g[aria-label="line"]');
    expect(lines.map((line) => line.getAttribute("stroke"))).toEqual([fifo.colour, hrrn.colour]);
    const samples = all('g[aria-label="link"]');
    expect(samples.map((sample) => sample.getAttribute("stroke"))).toEqual([
      fifo.colour,
      hrrn.colour,
    ]);
  });

  test("turns dark: every colour in it has a counterpart among its rules", () => {
    const { all } = parseSvg(own.svg);
    const used = new Set(
      ["fill", "stroke", "color"].flatMap((paint) =>
        all(`[${paint}]`).map((element) => element.getAttribute(paint)!)
      ).filter((value) => value.startsWith("#")),
    );
    expect(used.size).toBeGreaterThan(3);
    for (const colour of used) {
      const { dark } = COLOURS.find(({ light }) => light === colour)!;
      expect(own.svg).toContain(`="${colour}"]{`);
      expect(own.svg).toMatch(new RegExp(`(?:fill|stroke|color):${dark}`));
    }
  });

  test("lets no text lie on another or be cut at the edge", () => {
    for (const svg of [own.svg, standaloneSvg(own)]) expect(overlaps(svg)).toEqual([]);
  });

  test("shows itself with its numbers, and holds them for the CSV", () => {
    expect(own.table.numRows()).toBe(6);
    expect(own[DISPLAY]()["text/html"]).toContain('download="waits.csv"');
  });
});

const parts = (plot: house.FramedPlotOptions): house.HouseFigureParts => ({
  ...{ name: "own", title: "A finding", subtitle: "A setting", alt: "A dot at 1." },
  ...{ table: [{ x: 1, y: 2 }], plot },
});

describe("picture(options) leaves the tick labels room", () => {
  const far = { label: "tokens", tickFormat: (value: number) => value.toLocaleString("en-US") };
  const name = (width: number) => "n".repeat(width);
  test.each<[string, house.FramedPlotOptions]>([
    ["of millions", { x: far, y: far, marks: [Plot.dot([[0, 0], [3e6, 5e6]])] }],
    ["of long names", {
      y: { grid: false },
      marks: [Plot.barX([[name(30), 3], [name(8), 5]], { y: "0", x: "1" })],
    }],
    ["of facets beside each other", {
      x: far,
      y: { label: "requests" },
      marks: [Plot.dot([[1e6, 1, "a"], [3e6, 2, "b"], [0, 3, "c"]], { x: "0", y: "1", fx: "2" })],
    }],
    ["of facets below each other", {
      y: { label: "requests" },
      marks: [Plot.dot([[1, 1, name(12)], [3, 2, "b"]], { x: "0", y: "1", fy: "2" })],
    }],
  ])("%s", (_what, plot) => {
    const { svg } = house.figure(parts(plot));
    expect(textBoxes(svg).length).toBeGreaterThan(5);
    expect(overlaps(svg)).toEqual([]);
  });
});

test("a text that lies on another is found, and one that is cut", () => {
  const svg = house.figure(parts({
    x: { ticks: [0, 5] },
    marks: [Plot.text(["here", "there"], { x: 2, y: 2 }), Plot.text(["outside"], { dx: 700 })],
  })).svg;
  expect(overlaps(svg)).toEqual(expect.arrayContaining(["here lies on there", "outside is cut"]));
});

test("series(names) gives a policy its colour in every figure, and others what is free", () => {
  expect(house.series(["sjf", "hrrn", "fifo", "sjf"]).map(({ label }) => label))
    .toEqual(["FIFO", "SJF", "hrrn"]);
  const colours = new Set(house.series(["fifo", "sjf", "hrrn"]).map(({ colour }) => colour));
  expect(colours.size).toBe(3);
  const [sjf] = house.series(["sjf"]);
  expect(house.series(["fifo", "sjf"]).at(-1)).toEqual(sjf);
});

test("rows(name, table, columns) names the row and column that cannot be drawn", () => {
  const table = aq.from([{ policy: "fifo", seconds: 1 }, { policy: "sjf", seconds: NaN }]);
  expect(() => house.rows("waits", table, { policy: "text", seconds: "number" }))
    .toThrow(/waits.*row 3.*seconds/);
  expect(house.rows("waits", table, { seconds: "number?" })).toEqual([
    { seconds: 1 },
    { seconds: null },
  ]);
});

test.each(["title", "subtitle", "alt"] as const)("figure(parts) refuses an empty %s", (field) => {
  expect(() => house.figure({ ...parts({}), [field]: " " })).toThrow(InputError);
  expect(() => house.figure({ ...parts({}), [field]: " " })).toThrow(new RegExp(`field ${field}`));
});

test("figure({ plot: pictures }) stacks several drawings, and margins that are given stand", () => {
  const [key, drawing] = [
    house.key(house.series(["fifo"])),
    house.picture({ height: 100, marginLeft: 200, marks: [Plot.dot([[1, 2]])] }),
  ];
  const { picture } = house.figure({ ...parts({}), plot: [key, drawing] });
  expect(picture.height).toBe(key.height + 100);
  expect(drawing.body).toContain('x1="200"');
});
