import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CALIBRATORS, createCalibrator } from "../../../src/estimation/calibrators/registry.ts";

const KEYS = 3;
const answers = fc.array(
  fc.record({ key: fc.nat(KEYS - 1), ratio: fc.double({ min: 0.01, max: 20, noNaN: true }) }),
  { maxLength: 60 },
);

describe.each(CALIBRATORS.all)("calibrator $name", ({ name, title, learns }) => {
  test("has a name for options, and a title for figures", () => {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(title.trim()).not.toBe("");
  });

  test("starts at 1, and keeps factors positive and finite", () => {
    fc.assert(fc.property(answers, (given) => {
      const calibrator = createCalibrator(name, KEYS);
      for (let key = 0; key < KEYS; key++) expect(calibrator.factor(key)).toBe(1);
      given.forEach(({ key, ratio }, i) => {
        expect(calibrator.learn(key, ratio, i)).toBeGreaterThan(0);
        expect(calibrator.factor(key)).toBeGreaterThan(0);
        expect(calibrator.factor(key)).toBeLessThan(100);
      });
    }));
  });

  test("what one category teaches changes no other", () => {
    const calibrator = createCalibrator(name, KEYS);
    for (let i = 0; i < 10; i++) calibrator.learn(1, 2, i);
    expect([0, 2].map((key) => calibrator.factor(key))).toEqual([1, 1]);
  });

  test("comes to the same twice", () => {
    fc.assert(fc.property(answers, (given) => {
      const [a, b] = [createCalibrator(name, KEYS), createCalibrator(name, KEYS)];
      given.forEach(({ key, ratio }, i) => {
        expect(a.learn(key, ratio, i)).toBe(b.learn(key, ratio, i));
        expect(a.factor(key)).toBe(b.factor(key));
      });
    }));
  });

  test("goes to a ratio that is always the same, if it says that it learns", () => {
    const calibrator = createCalibrator(name, KEYS);
    for (let i = 0; i < 400; i++) calibrator.learn(0, 1.5, i);
    expect(calibrator.factor(0)).toBeCloseTo(learns ? 1.5 : 1, 2);
  });
});
