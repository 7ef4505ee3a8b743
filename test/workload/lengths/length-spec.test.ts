import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { parseWith } from "../../../src/errors/parse-with.ts";
import { lengthModel, LengthSpec } from "../../../src/workload/lengths/length-spec.ts";

test("a spec makes the model that it names", () => {
  expect(lengthModel(parseWith(LengthSpec, { model: "fraction-of-cap" }, "lengths")).name)
    .toBe("fraction of cap");
  const spec = { model: "empirical", name: "LMSYS", tokens: Int32Array.of(1) } as const;
  expect(lengthModel(parseWith(LengthSpec, spec, "lengths")).name).toBe("LMSYS");
});

test.each<[unknown, string]>([
  [{}, "field model: got undefined, expected 'fraction-of-cap' | 'empirical'"],
  [{ model: "gamma" }, "field model: got \"gamma\", expected 'fraction-of-cap' | 'empirical'"],
  [{ model: "fraction-of-cap", cv: -1 }, "field cv: got -1, expected number to be >=0"],
  [{ model: "fraction-of-cap", meanFraction: 0 }, "field meanFraction: got 0, expected"],
  [{ model: "fraction-of-cap", meanFraction: "a" }, 'field meanFraction: got "a", expected number'],
  [
    { model: "fraction-of-cap", meanFraction: { summary: -1 } },
    "field meanFraction.summary: got -1, expected number to be >0",
  ],
  [
    { model: "fraction-of-cap", meanFraction: { sumary: 1 } },
    "field meanFraction.sumary: got 1, expected a known name",
  ],
  [{ model: "fraction-of-cap", mean: 1 }, "field mean: got 1, expected a known name"],
  [
    { model: "empirical", name: "x", tokens: [1, 2] },
    "field tokens: got [1,2], expected an Int32Array of at least one length",
  ],
  [
    { model: "empirical", name: "x", tokens: new Int32Array() },
    "field tokens: got [], expected an Int32Array of at least one length",
  ],
  [
    { model: "empirical", name: "x", tokens: Int32Array.of(5, -2) },
    "field tokens.1: got -2, expected a length of at least one token",
  ],
  [{ model: "empirical", name: "", tokens: Int32Array.of(1) }, 'field name: got "", expected'],
])("the spec %j is refused with field, value and what was expected", (spec, message) => {
  expect(() => parseWith(LengthSpec, spec, "lengths")).toThrow(InputError);
  expect(() => parseWith(LengthSpec, spec, "lengths")).toThrow(message);
});
