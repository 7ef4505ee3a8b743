import { expect, test } from "vitest";
import { countWords } from "../../src/estimation/count-words.ts";

/** What Python 3's `str.isspace()` accepts, all of it: `[c for c in range(0x110000) if …]`. */
const PYTHON_SPACES = [
  ...[0x9, 0xa, 0xb, 0xc, 0xd, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680],
  ...[0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a],
  ...[0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
];

test("exactly Python's whitespace separates words, over every code point", () => {
  const separators: number[] = [];
  for (let point = 0; point < 0x110000; point++) {
    if (countWords(`a${String.fromCodePoint(point)}b`) === 2) separators.push(point);
  }
  expect(separators).toEqual(PYTHON_SPACES);
});

test("leading, trailing and repeated whitespace adds no words", () => {
  expect(countWords("")).toBe(0);
  expect(countWords(" \t\n\u2028")).toBe(0);
  expect(countWords("  one \r\n\r\n two\u00a0three\u0085 ")).toBe(3);
});

test("a byte order mark is part of a word, as in Python and unlike in JavaScript", () => {
  expect(countWords("a\ufeffb")).toBe(1);
  expect(countWords("\ufeff")).toBe(1);
});

test("characters outside the basic plane are parts of words", () => {
  expect(countWords("🚀 launch 𝔘nicode")).toBe(3);
});
