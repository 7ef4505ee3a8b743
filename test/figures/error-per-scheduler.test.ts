import { expect, test } from "vitest";
import { errorPerScheduler } from "../../src/figures/error-per-scheduler.ts";
import { ERROR_PER_SCHEDULER, tableOf } from "./support/examples.ts";
import { pairedWith } from "./support/paired.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

const draw = (rows: typeof ERROR_PER_SCHEDULER) => errorPerScheduler(tableOf(rows));

/** Calibration on at `factor` times off, the difference of 100 − 100 × factor known to `margin`. */
function scaled(factor: number, margin: number) {
  return pairedWith(
    ERROR_PER_SCHEDULER.map((row) => {
      const mae = row.calibration === "none" ? 100 : 100 * factor;
      return { ...row, mae, low: mae - 20, high: mae + 20 };
    }),
    { column: "calibration", baseline: "none", value: "mae", margin },
  );
}

test("draws a dot per row, and a bar between off and on per policy and counting mode", () => {
  const drawing = parseSvg(draw(ERROR_PER_SCHEDULER).svg);
  const dots = [...marksIn(drawing, "dot", "path"), ...marksIn(drawing, "dot", "circle")];
  const inKey = 2;
  expect(dots).toHaveLength(ERROR_PER_SCHEDULER.length + inKey);
  const [bars] = drawing.all('g[aria-label="link"]');
  expect(bars.querySelectorAll("path")).toHaveLength(10);
});

test("writes the change of each policy over its bar", () => {
  const { texts } = parseSvg(draw(scaled(0.5, 1)).svg);
  expect(texts.filter((text) => text === "−50.0\u00a0%")).toHaveLength(10);
});

test("the title turns with the data: lowers, raises, neither", () => {
  const title = (factor: number, margin: number) =>
    draw(scaled(factor, margin)).title.replaceAll("\u00a0", " ");
  expect(title(0.6, 5)).toMatch(/^Calibration lowers the error .* by 40\.0 % \(whitespace words\)/);
  expect(title(1.2, 5)).toMatch(/^Calibration raises the error .* by 20\.0 %/);
  expect(title(0.97, 5)).toMatch(/^Calibration makes no clear difference to the error/);
});

test("the title claims nothing where a table with intervals pairs nothing", () => {
  const apart = scaled(0.1, 5).map(({ policy, calibration, counting, mae, low, high }) => (
    { policy, calibration, counting, mae, low, high }
  ));
  expect(draw(apart).title).toBe(
    "Calibration and the error of length estimates, averaged over the policies",
  );
});

test("two calibrators that nobody has registered: the first in the table is off", () => {
  const named = ERROR_PER_SCHEDULER.map((row) => ({
    ...row,
    calibration: row.calibration === "none" ? "plain" : "median",
    baseline: "plain",
  }));
  const { title, svg } = draw(named);
  expect(title).toMatch(/^Calibration lowers the error .* by 58\.9/);
  expect(parseSvg(svg).texts).toEqual(expect.arrayContaining(["plain", "median"]));
});

test("the subtitle takes the number of seeds from the table", () => {
  expect(draw(ERROR_PER_SCHEDULER).subtitle).toContain("Mean of 30 paired seeds");
});

test("a policy with calibration off only has a dot and no bar", () => {
  const rows = ERROR_PER_SCHEDULER.filter(({ policy, calibration }) =>
    policy !== "sjf" || calibration === "none"
  );
  const [bars] = parseSvg(draw(rows).svg).all('g[aria-label="link"]');
  expect(bars.querySelectorAll("path")).toHaveLength(8);
});
