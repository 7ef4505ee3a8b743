import { expect, test } from "vitest";
import { describeProblem, InputError } from "../../src/errors/input-error.ts";

test("a problem in a file reads as file, row, field, value and what was expected", () => {
  expect(
    describeProblem({
      file: "trace.csv",
      row: 7,
      field: "output_len",
      value: "abc",
      expected: "an integer >= 0",
    }),
  ).toBe('trace.csv, row 7, field output_len: got "abc", expected an integer >= 0');
});

test("parts that are not known are left out", () => {
  expect(describeProblem({ file: "stdin", expected: "at least one row" }))
    .toBe("stdin: expected at least one row");
  expect(describeProblem({ file: "stdin", row: 1, expected: "a header" }))
    .toBe("stdin, row 1: expected a header");
});

test.each<[unknown, string]>([
  ["", '""'],
  ["a\nb", '"a\\nb"'],
  [undefined, "undefined"],
  [null, "null"],
  [NaN, "NaN"],
  [-0.5, "-0.5"],
  [10n, "10"],
  [[], "[]"],
  [[1, "x"], '[1,"x"]'],
  [Int32Array.of(3, -1), "[3,-1]"],
  [{ rate: -1 }, '{"rate":-1}'],
])("a value is shown so that it can be recognised: %2$s", (value, shown) => {
  expect(describeProblem({ file: "f", value, expected: "e" })).toBe(`f: got ${shown}, expected e`);
});

test("a value that JSON cannot write does not hide the error", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  expect(describeProblem({ file: "f", value: cycle, expected: "e" }))
    .toBe("f: got [object Object], expected e");
});

test("a long value is cut and its length said", () => {
  const line = describeProblem({ file: "f", value: "x".repeat(500), expected: "e" });
  expect(line).toContain("… (502 chars)");
  expect(line.length).toBeLessThan(120);
});

test("an error of several problems has one line each and keeps them all", () => {
  const problems = [{ file: "a", expected: "x" }, { file: "b", value: 3, expected: "y" }];
  const error = new InputError(problems);
  expect(error.message).toBe("a: expected x\nb: got 3, expected y");
  expect(error.problems).toEqual(problems);
  expect(error.name).toBe("InputError");
  expect(error).toBeInstanceOf(Error);
  expect(new InputError(problems[0]).problems).toEqual([problems[0]]);
});

test("nothing that a file or a server says reaches a terminal as a control sequence", () => {
  const [file, field, value, expected] = ["a\u001b[2J", "b\u202e", "c\u009b2J", "one of d\r\u0007"];
  expect(describeProblem({ file, field, value, expected }))
    .toBe('a\\u001b[2J, field b\\u202e: got "c\\u009b2J", expected one of d\\u000d\\u0007');
});
