import { expect, test } from "vitest";
import { calibrationFactors } from "../../src/figures/calibration-factors.ts";
import { CALIBRATION_FACTORS, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

const draw = (rows: typeof CALIBRATION_FACTORS) => calibrationFactors(tableOf(rows));

/** One counting mode whose factors all end at `factor` ± `margin`. */
function endingAt(factor: number, margin: number) {
  return CALIBRATION_FACTORS.filter(({ counting }) => counting === "split")
    .map((row) => ({ ...row, factor, low: factor - margin, high: factor + margin }));
}

test("draws a line per category and counting mode, and the line at 1 in each panel", () => {
  const drawing = parseSvg(draw(CALIBRATION_FACTORS).svg);
  expect(marksIn(drawing, "line", "path")).toHaveLength(8);
  expect(marksIn(drawing, "rule", "line")).toHaveLength(2);
});

test("labels each line with its category and where it ends, without two on one another", () => {
  const drawing = parseSvg(draw(CALIBRATION_FACTORS).svg);
  expect(drawing.texts).toEqual(expect.arrayContaining(["short Q&A 0.50", "report 0.62"]));
  const labels = marksIn(drawing, "text", "text")
    .filter((text) => /0\.97$/.test(text.textContent ?? ""))
    .map((text) => Number(/,([\d.]+)\)/.exec(text.getAttribute("transform")!)![1]))
    .sort((a, b) => a - b);
  expect(labels).toHaveLength(4);
  for (let i = 1; i < 4; i++) expect(labels[i] - labels[i - 1]).toBeGreaterThanOrEqual(14.9);
});

test("the title says where the factors end and where they stay near 1", () => {
  expect(draw(CALIBRATION_FACTORS).title).toBe(
    "Calibration factors end between 0.50 and 0.62 with whitespace words " +
      "and stay within 0.1 of 1 with model tokens",
  );
});

test("the title turns with the data: near, far, and not clearly either", () => {
  expect(draw(endingAt(1.02, 0.01)).title).toBe(
    "Calibration factors stay within 0.1 of 1 with whitespace words",
  );
  expect(draw(endingAt(1.3, 0.01)).title).toBe(
    "Calibration factors end between 1.30 and 1.30 with whitespace words",
  );
  expect(draw(endingAt(0.88, 0.05)).title).toBe(
    "Calibration factors end between 0.88 and 0.88, not clearly more than 0.1 from 1, " +
      "with whitespace words",
  );
});
