import fc from "fast-check";
import { expect, test } from "vitest";
import { hasLongNumber, parseExactJson } from "../../../../src/workload/readers/map/exact-json.ts";

test("what no long number is in is what JSON.parse makes of it", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    if (!/\d{16}/.test(text)) expect(parseExactJson(text)).toEqual(JSON.parse(text));
  }));
});

test("sixteen digits behind each other are found wherever they stand", () => {
  const filler = fc.string({ unit: fc.constantFrom("a", "1", "2", ",", '"'), maxLength: 40 });
  fc.assert(fc.property(filler, filler, fc.boolean(), (before, after, long) => {
    const text = `${before}${long ? "1234567890123456" : ""}${after}`;
    expect(hasLongNumber(text)).toBe(/\d{16}/.test(text));
  }));
});

test("long whole numbers are their digits, all else is as it was", () => {
  const number = fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n })
    .filter((value) => String(value).replace("-", "").length >= 16);
  const noise = fc.record({
    text: fc.string().map((text) => `${text} 1763324552160648700, "\\`),
    small: fc.integer(),
    list: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, max: 9e14, min: -9e14 })),
  });
  fc.assert(fc.property(number, noise, (value, rest) => {
    const text = JSON.stringify({ rest, value: "HERE" }).replace('"HERE"', String(value));
    const expected = JSON.parse(JSON.stringify({ rest, value: String(value) }));
    expect(parseExactJson(text)).toEqual(expected);
  }));
});

test("a long number with a fraction or an exponent is a number", () => {
  expect(parseExactJson("[1.1234567890123456, 12345678901234567.5, 12345678901234567e-3, 1e+1]"))
    .toEqual([1.1234567890123456, 12345678901234567.5, 12345678901234.567, 10]);
  expect(parseExactJson('[1763324552160648700,{"a":-1763324552160648700}]'))
    .toEqual(["1763324552160648700", { a: "-1763324552160648700" }]);
});

test("Python's numbers, and what is no JSON", () => {
  expect(parseExactJson('{"a": NaN, "b": 1763324552160648700}'))
    .toEqual({ a: null, b: "1763324552160648700" });
  expect(() => parseExactJson("{1763324552160648700")).toThrow(SyntaxError);
});
