import { expect, test } from "vitest";
import { calibrationOff, calibrationOn, learns } from "../../src/analysis/calibration-levels.ts";
import { CALIBRATORS } from "../../src/estimation/calibrators/registry.ts";

test("a registered calibrator learns if its factor moves, one that nobody knows is taken to", () => {
  for (const { name, create, options } of CALIBRATORS.all) {
    const calibrator = create(1, options.parse({}));
    const before = calibrator.factor(0);
    calibrator.learn(0, 2, 0);
    expect(learns(name), name).toBe(calibrator.factor(0) !== before);
  }
  expect(learns("mine")).toBe(true);
});

test.each([
  [["none", "ema"], "none", "ema"],
  [["ema", "none"], "none", "ema"],
  [["none", "mine", "ema"], "none", "mine"],
  [["plain", "mine"], "plain", "mine"],
  [["ema", "mine"], undefined, "ema"],
  [["none"], "none", "none"],
  [["ema"], undefined, "ema"],
  [["mine"], undefined, "mine"],
])("of the levels %j, %s is off and %s is on", (levels, off, on) => {
  expect(calibrationOff(levels)).toBe(off);
  expect(calibrationOn(levels)).toBe(on);
});

test("a table without a level has no calibration", () => {
  expect(() => calibrationOn([])).toThrow(/the table has no level/);
});
