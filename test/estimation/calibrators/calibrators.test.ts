import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { CALIBRATORS, createCalibrator } from "../../../src/estimation/calibrators/registry.ts";

/** `[ratio, ratio as used, bias after it]`, computed in Python by the reference's formula. */
const SEQUENCE = [
  [0.5, 0.5, 0.9500000000000001],
  [1.0, 1.0, 0.9550000000000001],
  [0.1, 0.25, 0.8845000000000001],
  [7.25, 3.0, 1.09605],
  [0.25, 0.25, 1.011445],
  [3.0, 3.0, 1.2103005],
  [0.7421875, 0.7421875, 1.1634892000000001],
  [2.999, 2.999, 1.34704028],
  [0.3, 0.3, 1.242336252],
  [1 / 3, 1 / 3, 1.1514359601333335],
] as const;

test("the paper's calibration gives the reference's bias to the last bit, clamps included", () => {
  const calibrator = createCalibrator("ema", 1);
  expect(calibrator.factor(0)).toBe(1);
  for (const [ratio, used, bias] of SEQUENCE) {
    expect(calibrator.learn(0, ratio, 0)).toBe(used);
    expect(calibrator.factor(0)).toBe(bias);
  }
});

test("each category has a bias of its own", () => {
  const calibrator = createCalibrator("ema", 4);
  calibrator.learn(2, 0.5, 0);
  expect([0, 1, 2, 3].map((key) => calibrator.factor(key))).toEqual([1, 1, 0.9500000000000001, 1]);
});

test("weight and clamps are parameters", () => {
  const calibrator = createCalibrator("ema", 1, { alpha: 0.5, ratioMin: 0.5, ratioMax: 2 });
  expect(calibrator.learn(0, 10, 0)).toBe(2);
  expect(calibrator.factor(0)).toBe(1.5);
  expect(calibrator.learn(0, 0, 0)).toBe(0.5);
  expect(calibrator.factor(0)).toBe(1);
  const memoryless = createCalibrator("ema", 1, { alpha: 1 });
  memoryless.learn(0, 0.7, 0);
  expect(memoryless.factor(0)).toBe(0.7);
});

test("without calibration the factor is 1 throughout and ratios pass unclamped", () => {
  const calibrator = createCalibrator("none", 2);
  expect(calibrator.learn(1, 17, 0)).toBe(17);
  expect([calibrator.factor(0), calibrator.factor(1)]).toEqual([1, 1]);
});

test("calibrators are named once each, and an unknown one is refused with their names", () => {
  const names = CALIBRATORS.names;
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(["none", "ema"]));
  expect(() => createCalibrator("kalman", 1)).toThrow(InputError);
  expect(() => createCalibrator("kalman", 1)).toThrow(
    `field calibrator: got "kalman", expected one of ${names.join(", ")}`,
  );
});

test.each<[unknown, string]>([
  [{ alpha: 0 }, "field alpha: got 0, expected number to be >0"],
  [{ alpha: 1.1 }, "field alpha: got 1.1, expected number to be <=1"],
  [{ alpha: "0.1" }, 'field alpha: got "0.1", expected number'],
  [{ ratioMin: -1 }, "field ratioMin: got -1, expected number to be >=0"],
  [{ ratioMin: 2, ratioMax: 1 }, "field ratioMax: got 1, expected a number >= ratioMin"],
  [{ ratioMin: 5 }, "field ratioMax: got undefined, expected a number >= ratioMin"],
  [{ weight: 1 }, "field weight: got 1, expected a known name"],
])("the paper's calibration refuses the options %j", (options, message) => {
  expect(() => createCalibrator("ema", 1, options)).toThrow(InputError);
  expect(() => createCalibrator("ema", 1, options)).toThrow(message);
});
