import { expect, test } from "vitest";
import { findSyntaxError } from "../../src/reports/syntax-error.ts";

test("findSyntaxError() tells line, column and reason", () => {
  const problem = findSyntaxError("const a = 1;\nlet b = = 2;");
  expect(problem).toMatchObject({ message: "Expression expected", line: 2, column: 9 });
  expect(problem?.frame.join("\n")).toContain("let b = = 2;");
});

test.each(["foo(", "'abc", "a b", "let let = 3"])("findSyntaxError(%j) finds one", (code) => {
  expect(findSyntaxError(code)).toMatchObject({ line: 1, message: expect.stringMatching(/\w/) });
});

test.each([
  "await import('x')",
  "enum A { B }",
  "const x: number = 4 as const satisfies number",
  "import { a } from 'b'; a",
  "",
])("findSyntaxError(%j) is null", (code) => {
  expect(findSyntaxError(code)).toBeNull();
});
