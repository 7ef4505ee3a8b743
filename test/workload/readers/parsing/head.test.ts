import { expect, test } from "vitest";
import { HEAD_BYTES, headOf } from "../../../../src/workload/readers/parsing/head.ts";

const head = (text: string, whole = true) => headOf(new TextEncoder().encode(text), whole);

test("the first JSON value is that of a line, of a document over several, or of an array", () => {
  expect(head('{"a": 1}\n{"a": 2}\n').json).toEqual({ a: 1 });
  expect(head('\n{\n  "a": [1,\n 2]\n}\n').json).toEqual({ a: [1, 2] });
  expect(head('[{"a": NaN}, {"a": 2}]')).toMatchObject({ json: { a: null }, isArray: true });
  expect(head("a,b\n1,2\n")).toMatchObject({ json: undefined, header: ["a", "b"] });
  expect(head("{oops").json).toBeUndefined();
});

test("a value that is longer than the text is there as far as the text goes", () => {
  const long = "x".repeat(HEAD_BYTES);
  expect(head(`[{"start": 1.5, "request": "${long}", "error": null}]`).json)
    .toMatchObject({ start: 1.5, request: expect.stringMatching(/^x+$/) });
  expect(head(`{"a": {"b": [1, 2, {"c": 3, ${long}`).json).toEqual({ a: { b: [1, 2, { c: 3 }] } });
  expect(head('{"a": "x\\', false).json).toEqual({ a: "x" });
  expect(head('{"a": "x\\u00', false).json).toEqual({ a: "x" });
  expect(head('{"a": 1, "b', false).json).toEqual({ a: 1 });
  // Whole, it is no JSON; and so is what goes wrong before the end.
  expect(head('{"a": 1, "b').json).toBeUndefined();
  expect(head('{"a": 1, b}\n{"a": 2', false).json).toBeUndefined();
});

test("bytes are kept as they are", () => {
  expect([...headOf(Uint8Array.of(0x80, 0x04, 0x95), true).bytes]).toEqual([0x80, 0x04, 0x95]);
});
