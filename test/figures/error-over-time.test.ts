import { expect, test } from "vitest";
import { errorOverTime } from "../../src/figures/error-over-time.ts";
import { ERROR_OVER_TIME, tableOf } from "./support/examples.ts";
import { pairedWith } from "./support/paired.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

type Rows = typeof ERROR_OVER_TIME;

const draw = (rows: Rows, options = {}) => errorOverTime(tableOf(rows), options);
const titleOf = (rows: Rows, options = {}) => draw(rows, options).title.replaceAll("\u00a0", " ");
/** The same rows with the errors of calibration on replaced by `factor` times those of off. */
function scaled(factor: number, margin = 10): Rows {
  const rows = ERROR_OVER_TIME.map((row) => {
    if (row.calibration === "none") return row;
    const off = ERROR_OVER_TIME.find((other) =>
      other.calibration === "none" && other.counting === row.counting &&
      other.request === row.request
    )!;
    const mae = factor * Number(off.mae);
    return { ...row, mae, low: mae - 8, high: mae + 8 };
  });
  return pairedWith(rows, { column: "calibration", baseline: "none", value: "mae", margin });
}

test("draws one line and one band per calibration and counting, in a panel per counting", () => {
  const drawing = parseSvg(draw(ERROR_OVER_TIME).svg);
  expect(marksIn(drawing, "line", "path")).toHaveLength(4);
  expect(marksIn(drawing, "area", "path")).toHaveLength(4);
  expect(drawing.texts).toEqual(expect.arrayContaining([
    "Whitespace words: mean absolute error, words",
    "Model tokens: mean absolute error, tokens",
  ]));
});

test("names each line at its end, in both panels", () => {
  const { texts } = parseSvg(draw(ERROR_OVER_TIME).svg);
  for (const label of ["calibration off", "calibration on"]) {
    expect(texts.filter((text) => text === label)).toHaveLength(2);
  }
});

test("marks where the second phase begins, halfway between the bins on either side", () => {
  const drawing = parseSvg(draw(ERROR_OVER_TIME).svg);
  expect(drawing.texts.filter((text) => text === "stress phase")).toHaveLength(2);
  const [rule] = marksIn(drawing, "rule", "line");
  const ticks = drawing.all('g[aria-label="x-axis tick label"] text');
  const at = (text: string) =>
    Number(
      /translate\(([\d.]+)/.exec(
        ticks.find((tick) => tick.textContent === text)!.getAttribute("transform")!,
      )![1],
    );
  const x = Number(rule.getAttribute("x1"));
  const expected = at("0") + (at("600") - at("0")) * 240 / 600;
  expect(x).toBeCloseTo(expected, 0);
});

test("the title says what calibration does in the last phase, by how much, and where it does nothing", () => {
  expect(titleOf(ERROR_OVER_TIME)).toBe(
    "Calibration lowers the error of length estimates in the stress phase by 48.2 % " +
      "(whitespace words) and makes no clear difference (model tokens)",
  );
});

test("the title turns when calibration makes it worse, and when it does nothing", () => {
  expect(titleOf(scaled(1.5))).toMatch(/^Calibration raises the error .* by 50\.0 %/);
  for (const rows of [scaled(1), scaled(0.5, 80)]) {
    expect(titleOf(rows)).toBe(
      "Calibration makes no clear difference to the error of length estimates in the stress phase",
    );
  }
});

test("the title claims nothing where a table with intervals pairs nothing", () => {
  const apart = scaled(0.1).map((row) => ({
    ...row,
    difference: null,
    differenceLow: null,
    differenceHigh: null,
  }));
  expect(titleOf(apart)).toBe(
    "Calibration and the error of length estimates in the stress phase",
  );
});

test("a run of one phase has no phase in its title and no mark", () => {
  const figure = draw(ERROR_OVER_TIME.map((row) => ({ ...row, phase: "replay" })));
  expect(figure.title).not.toContain("phase");
  expect(parseSvg(figure.svg).texts).not.toContain("replay phase");
});

test("relative errors are drawn in percent", () => {
  const shares = ERROR_OVER_TIME.map((row) => ({
    ...row,
    mae: Number(row.mae) / 200,
    low: null,
    high: null,
  }));
  const { svg, subtitle } = draw(shares, { measure: "relative" });
  expect(parseSvg(svg).texts).toContain("Model tokens: mean absolute error, % of the mean answer");
  expect(parseSvg(svg).texts).toContain("60");
  expect(subtitle).not.toContain("interval");
});

test("calibration on alone is refused", () => {
  expect(() => draw(ERROR_OVER_TIME.filter(({ calibration }) => calibration === "ema")))
    .toThrow("a calibrator that does not learn (off) and rows with one that learns (on)");
});
