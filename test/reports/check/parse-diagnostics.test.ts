import { expect, test } from "vitest";
import { parseDiagnostics } from "../../../src/reports/check/parse-diagnostics.ts";

const OUTPUT = `TS2322 [ERROR]: Type 'string' is not assignable to type 'number'.
const x: number = "a";
      ^
    at file:///w/a.ts:1:7

TS2345 [ERROR]: Argument of type '{ a: 1; }' is not assignable to parameter of type 'B'.
  Property 'b' is missing in type '{ a: 1; }'.
f({ a: 1 });
  ~~~~~~~~
    at file:///w/a.ts:12:3

    'b' is declared here.
    interface B { b: 1 }
                  ~
        at file:///w/b.ts:50:14

TS2307 [ERROR]: Import "nothing" not a dependency and not in import map from "file:///w/a.ts"
  hint: If you want to use the npm package, try running \`deno add npm:nothing\`
    at file:///w/a.ts:9:40

Found 3 errors.

error: Type checking failed.
`;

test("parseDiagnostics() reads code, message and place, without frames and related notes", () => {
  const [first, second, third, ...rest] = parseDiagnostics(OUTPUT);
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ code: "TS2322", url: "file:///w/a.ts", line: 1, column: 7 });
  expect(second).toEqual({
    code: "TS2345",
    message: "Argument of type '{ a: 1; }' is not assignable to parameter of type 'B'. " +
      "Property 'b' is missing in type '{ a: 1; }'.",
    url: "file:///w/a.ts",
    line: 12,
    column: 3,
  });
  expect(third).toMatchObject({ code: "TS2307", line: 9, column: 40 });
  expect(third.message).toContain("deno add npm:nothing");
});

test("parseDiagnostics() reads an error without a code", () => {
  const output = "error: SyntaxError: Expression expected\n  |\n2 | let b = = 2;\n  |         ~\n" +
    "    at file:///w/a.ts:2:9\n";
  expect(parseDiagnostics(output)).toMatchObject([{ code: undefined, line: 2, column: 9 }]);
});

test("parseDiagnostics() finds nothing in nothing", () => {
  expect(parseDiagnostics("")).toEqual([]);
  expect(parseDiagnostics("error: something else\n")).toEqual([]);
});
