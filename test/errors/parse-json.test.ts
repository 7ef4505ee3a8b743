import { expect, test } from "vitest";
import { endOfJson, parseJsonDocuments, parsePythonJson } from "../../src/errors/parse-json.ts";

test("Python's numbers are read, and left alone inside of texts", () => {
  expect(
    parsePythonJson('{"rate": Infinity, "low": -Infinity, "p99": NaN, "note": "NaN \\" Infinity"}'),
  )
    .toEqual({ rate: Infinity, low: -Infinity, p99: null, note: 'NaN " Infinity' });
  expect(() => parsePythonJson('{"a": nan}')).toThrow(SyntaxError);
});

test("values behind each other are told apart, whatever lies between and inside of them", () => {
  const text = '{"a": 1}\n\n{\n "a": "}{",\n "b": [{}]}{"a": 3}\n';
  expect(parseJsonDocuments(text, "f").map(({ value, row }) => [row, (value as { a: unknown }).a]))
    .toEqual([[1, 1], [3, "}{"], [5, 3]]);
});

test("what is no JSON is named by its line", () => {
  expect(() => parseJsonDocuments('{"a": 1}\n{"a": 2', "f")).toThrow("f, row 2: got");
  expect(() => parseJsonDocuments(" \n", "f")).toThrow("the file is empty");
});

test("a value ends where its brackets are even", () => {
  const text = '[1, {"x": "]\\"]"}] tail';
  expect(text.slice(0, endOfJson(text, 0))).toBe('[1, {"x": "]\\"]"}]');
  expect(endOfJson('{"a": [', 0)).toBe(7);
});
