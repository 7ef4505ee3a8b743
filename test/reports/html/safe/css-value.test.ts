import { expect, test } from "vitest";
import { isSafeCssProperty, safeCssValue } from "../../../../src/reports/html/safe/css-value.ts";

test("safeCssValue() keeps numbers, colours, variables, functions and local references", () => {
  for (const value of ["0.32em", "#0072b2", "currentColor", "2,4", "var(--plot-background)"]) {
    expect(safeCssValue(value)).toBe(value);
  }
  expect(safeCssValue("rgb(1, 2, 3)")).toBe("rgb(1, 2, 3)");
  expect(safeCssValue("url( '#clip-1' )")).toBe("url(#clip-1)");
  expect(safeCssValue("system-ui, 'Segoe UI'")).toBe('system-ui,"Segoe UI"');
});

test("safeCssValue() refuses addresses outside, escapes, unknown functions and broken values", () => {
  for (
    const value of [
      "url(//a.test/x)",
      "url('data:image/svg+xml,x')",
      "url(#a) url(//a.test/x)",
      "u\\72l(//a.test/x)",
      "image-set('//a.test/x' 1x)",
      "src('x')",
      "expression(alert(1))",
      "</style>(",
      "a}",
    ]
  ) expect(safeCssValue(value), value).toBeNull();
});

test("isSafeCssProperty() knows no property that moves things over the page or writes text", () => {
  for (
    const name of ["position", "z-index", "inset", "content", "animation", "behavior", "cursor"]
  ) {
    expect(isSafeCssProperty(name), name).toBe(false);
  }
  for (const name of ["fill", "max-width", "--plot-background", "TEXT-ALIGN"]) {
    expect(isSafeCssProperty(name), name).toBe(true);
  }
});
