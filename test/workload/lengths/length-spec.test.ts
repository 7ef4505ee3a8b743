import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { parseWith } from "../../../src/errors/parse-with.ts";
import { substream } from "../../../src/random/substream.ts";
import {
  lengthModel,
  LengthSpec,
  lengthSpecOver,
} from "../../../src/workload/lengths/length-spec.ts";

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

test("categories are whatever the caller names, names of an object's own properties too", () => {
  const meanFraction = { chat: 0.5, constructor: 2 };
  const model = lengthModel(LengthSpec.parse({ model: "fraction-of-cap", meanFraction, cv: 0 }));
  const random = substream(1, "test/lengths");
  const lengths = ["chat", "constructor", "toString", "code"].map((category) =>
    model.draw(random, category, 100)
  );
  expect(lengths).toEqual([50, 200, 100, 100]);
});

test("a spec over known categories refuses a share of any other, which would go unused", () => {
  const Lengths = lengthSpecOver(["chat", "code"]);
  const of = (meanFraction: unknown) =>
    parseWith(Lengths, { model: "fraction-of-cap", meanFraction }, "lengths");
  expect(of({ chat: 0.4 })).toEqual({
    model: "fraction-of-cap",
    meanFraction: { chat: 0.4 },
    cv: 0.3,
  });
  expect(() => of({ caht: 0.4 })).toThrow(InputError);
  expect(() => of({ caht: 0.4 })).toThrow(
    "field meanFraction.caht: got 0.4, expected a known name",
  );
});
