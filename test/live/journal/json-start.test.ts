import fc from "fast-check";
import { expect, test } from "vitest";
import { isStartOfJsonObject } from "../../../src/live/journal/json-start.ts";

const objects = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue());

test("what JSON.stringify writes of an object is a beginning wherever it is cut, and whole it is none", () => {
  fc.assert(fc.property(objects, (object) => {
    const text = JSON.stringify(object);
    for (let cut = 1; cut < text.length; cut++) {
      expect(isStartOfJsonObject(text.slice(0, cut)), text.slice(0, cut)).toBe(true);
    }
    expect(isStartOfJsonObject(text)).toBe(false);
    expect(isStartOfJsonObject(`${text} `)).toBe(false);
  }));
});

/** Whether a parser has nothing against a text but that it ends: it says at which sign it failed. */
function endsTooSoon(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    return message.startsWith("Unexpected end") || Number(position) === text.length;
  }
}

test("of any signs those are a beginning that a parser refuses for their end alone", () => {
  const signs = fc.string({ unit: fc.constantFrom(...'{}[],:"a01-.'), maxLength: 9 });
  let beginnings = 0;
  fc.assert(
    fc.property(signs, (rest) => {
      const text = `{"a":${rest}`;
      const expected = endsTooSoon(text);
      expect(isStartOfJsonObject(text), text).toBe(expected);
      if (expected) beginnings++;
    }),
    { numRuns: 10_000 },
  );
  expect(beginnings).toBeGreaterThan(200);
});

test.each(["", "x", "[", '"', "{x", "{1", '{"a" ', '{"a";', '{"a":x', '{"a":1;', '{"a":01', "{,"])(
  "%j is no beginning",
  (text) => expect(isStartOfJsonObject(text)).toBe(false),
);

test.each([
  "{",
  '{"',
  '{"a',
  '{"a\\',
  '{"a\\u00',
  '{"a":',
  '{"a":-',
  '{"a":1.',
  '{"a":1e-',
  '{"a":tr',
])(
  "%j is one",
  (text) => expect(isStartOfJsonObject(text)).toBe(true),
);
