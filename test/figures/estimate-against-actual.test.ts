import { expect, test } from "vitest";
import { estimateAgainstActual } from "../../src/figures/estimate-against-actual.ts";
import { ESTIMATES, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

const draw = (rows: typeof ESTIMATES, options = {}) =>
  estimateAgainstActual(tableOf(rows), options);

test("draws a symbol per row, the same for a category in both panels, and a key", () => {
  const drawing = parseSvg(draw(ESTIMATES).svg);
  const symbols = [...marksIn(drawing, "dot", "path"), ...marksIn(drawing, "dot", "circle")];
  const inKey = 4;
  expect(symbols).toHaveLength(ESTIMATES.length + inKey);
  const panels = drawing.all('g[aria-label="dot"] > g[fill-opacity]');
  expect(panels).toHaveLength(2 * 4);
  expect(new Set(panels.map((group) => group.getAttribute("fill"))).size).toBe(4);
});

test("draws the diagonal in both panels, on the same scale both ways", () => {
  const drawing = parseSvg(draw(ESTIMATES).svg);
  const lines = marksIn(drawing, "link", "path").map((path) => path.getAttribute("d")!);
  expect(lines).toHaveLength(2);
  const [x1, y1, x2, y2] = lines[0].match(/-?[\d.]+/g)!.map(Number);
  expect(x2 - x1).toBeCloseTo(y1 - y2, 0);
});

test("the title says how far off mean estimates are, and turns with the data", () => {
  const title = (factor: number) =>
    draw(ESTIMATES.map((row) => ({ ...row, estimated: Number(row.actual) * factor })))
      .title.replaceAll("\u00a0", " ");
  expect(title(1.5)).toBe(
    "Mean estimates are 50.0 % too long with calibration off and 50.0 % too long with calibration on",
  );
  expect(title(0.8)).toContain("20.0 % too short");
  expect(title(1.01)).toContain("about right with calibration off");
});

test("axes name the unit", () => {
  const { texts } = parseSvg(draw(ESTIMATES, { unit: "tokens" }).svg);
  expect(texts).toContain("answer that came, tokens");
  expect(texts).toContain("Calibration off: estimate, tokens");
});
