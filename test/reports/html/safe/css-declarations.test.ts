import { expect, test } from "vitest";
import { safeCssDeclarations } from "../../../../src/reports/html/safe/css-declarations.ts";

test("safeCssDeclarations() keeps allowed declarations and drops the others one by one", () => {
  expect(safeCssDeclarations("text-align: right; position: fixed; color: red")).toBe(
    "text-align:right;color:red",
  );
  expect(safeCssDeclarations("color:red;background:url(//a.test/x);width:2em")).toBe(
    "color:red;width:2em",
  );
});

test("safeCssDeclarations() takes nothing from broken text that a browser could read otherwise", () => {
  expect(safeCssDeclarations("color:red;;}body{position:fixed")).toBe("color:red");
  expect(safeCssDeclarations("--x:{};color:red")).toBe("color:red");
  expect(safeCssDeclarations("background:u\\72l(//a.test/x)")).toBe("");
  expect(safeCssDeclarations("\\")).toBe("");
  expect(safeCssDeclarations("")).toBe("");
});
