import { describe, expect, test } from "vitest";
import { worldMap } from "../../../src/paper/figures/world-map.ts";
import { tableOf, WORLD_MARKS, WORLDS } from "../../figures/support/examples.ts";
import { marksIn, parseSvg } from "../../figures/support/svg.ts";

type Rows = typeof WORLDS;

const draw = (rows: Rows, options = {}) => worldMap(tableOf(rows), options);
const titleOf = (rows: Rows, options = {}) => draw(rows, options).title.replaceAll("\u00a0", " ");

test("draws a cell with its number per world", () => {
  const drawing = parseSvg(draw(WORLDS).svg);
  const inKey = 4;
  expect(marksIn(drawing, "rect", "rect")).toHaveLength(WORLDS.length + inKey);
  // 0.2 × 0.4: −0.7 + 1.1 × 0.0064
  expect(drawing.texts).toContain("−69");
  expect(drawing.texts).toContain("40");
});

test("numbers below and above zero stand on different colours", () => {
  const drawing = parseSvg(draw(WORLDS).svg);
  const grounds = marksIn(drawing, "rect", "rect").map((rect) => rect.getAttribute("fill"));
  const [first, last] = [grounds[4], grounds[grounds.length - 1]];
  expect(first).not.toBe(last);
});

test("draws the border at which the paper's number is reached, and none without a number", () => {
  const border = (options: object) =>
    marksIn(parseSvg(draw(WORLDS, options).svg), "link", "path").length;
  expect(border({})).toBeGreaterThan(border({ paper: null }));
  expect(border({ paper: -5 })).toBe(border({}) - drawnBorders(-0.388));
});

/** Paths of the border: each edge twice, once in paper colour below. */
function drawnBorders(level: number): number {
  const inside = (row: (typeof WORLDS)[number] | undefined) => row && Number(row.effect) <= level;
  const at = (x: number, y: number) =>
    WORLDS.find(({ meanFraction, wordsPerToken }) => meanFraction === x && wordsPerToken === y);
  const [xs, ys] = [[0.2, 0.4, 0.6, 0.8, 1], [0.4, 0.6, 0.8, 1]];
  let edges = 0;
  xs.forEach((x, i) =>
    ys.forEach((y, j) => {
      if (i + 1 < xs.length && inside(at(x, y)) !== inside(at(xs[i + 1], y))) edges++;
      if (j + 1 < ys.length && inside(at(x, y)) !== inside(at(x, ys[j + 1]))) edges++;
    })
  );
  return 2 * edges;
}

test("marks named worlds by letter, and lists what each is with its own effect and interval", () => {
  const { texts } = parseSvg(draw(WORLDS, { marks: tableOf(WORLD_MARKS) }).svg);
  for (const letter of ["A", "B", "C"]) {
    expect(texts.filter((text) => text === letter)).toHaveLength(2);
  }
  expect(texts).toContain("−41.0\u00a0%");
  expect(texts).toContain("−43.0\u00a0% to −39.0\u00a0%LMSYS lengths");
});

test("marked worlds are in the table too, by their label", () => {
  const { table } = draw(WORLDS, { marks: tableOf(WORLD_MARKS) });
  expect(table.numRows()).toBe(WORLDS.length + WORLD_MARKS.length);
  expect(table.get("label", WORLDS.length + 1)).toBe("LMSYS lengths");
});

describe("the title", () => {
  const all = (effect: number, margin = 0.02) =>
    WORLDS.map((row) => ({ ...row, effect, low: effect - margin, high: effect + margin }));

  test("counts the worlds where the error falls, falls as the paper says, and rises", () => {
    expect(titleOf(WORLDS)).toBe(
      "Calibration lowers the mean absolute error in 17 of 20 worlds, " +
        "by the paper's 38.8 % or more in 14, and raises it in 1",
    );
  });

  test("turns with the data", () => {
    expect(titleOf(all(0.3))).toBe("Calibration raises the mean absolute error in 20 of 20 worlds");
    expect(titleOf(all(-0.1, 0.2))).toBe(
      "Calibration makes no clear difference to the mean absolute error in any of 20 worlds",
    );
    expect(titleOf(all(-0.1), { paper: null })).toBe(
      "Calibration lowers the mean absolute error in 20 of 20 worlds",
    );
  });
});

test("a single world is drawn too", () => {
  expect(() => draw(WORLDS.slice(0, 1))).not.toThrow();
});
