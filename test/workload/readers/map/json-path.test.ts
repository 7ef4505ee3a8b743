import { expect, test } from "vitest";
import { jsonPath } from "../../../../src/workload/readers/map/json-path.ts";

test.each([
  ["a", { a: 1 }, 1],
  ["usage.prompt_tokens", { usage: { prompt_tokens: 5 } }, 5],
  ["choices.0.finish_reason", { choices: [{ finish_reason: "stop" }] }, "stop"],
  ["gen_ai.usage.input_tokens", { "gen_ai.usage.input_tokens": 7 }, 7],
  ["attributes.gen_ai.usage.input_tokens", { attributes: { "gen_ai.usage.input_tokens": 7 } }, 7],
  ["a.b.c", { "a.b": { c: 1 } }, 1],
  ["a.b.c", { a: { "b.c": 2 } }, 2],
  // The key that is written out counts before a way into objects.
  ["a.b", { "a.b": 1, a: { b: 2 } }, 1],
  // A way that ends nowhere does not hide another.
  ["a.b.c", { "a.b": { d: 0 }, a: { b: { c: 3 } } }, 3],
  ["a.b", { a: null }, undefined],
  ["a.b", { a: 5 }, undefined],
  ["a.9", { a: [1] }, undefined],
  ["a.length", { a: "text" }, undefined],
  ["constructor", {}, undefined],
  ["a.__proto__", { a: {} }, undefined],
  ["a", { a: null }, null],
])("%s of %j is %j", (path, row, value) => {
  expect(jsonPath(path)(row)).toBe(value);
});

test("rows of one file may have different shapes", () => {
  const read = jsonPath("a.b.c");
  expect(
    [{ a: { b: { c: 1 } } }, { "a.b": { c: 2 } }, {}, { a: { "b.c": 3 } }, { "a.b.c": 4 }].map(
      read,
    ),
  )
    .toEqual([1, 2, undefined, 3, 4]);
});
