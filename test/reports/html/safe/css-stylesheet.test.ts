import { expect, test } from "vitest";
import { safeStylesheet } from "../../../../src/reports/html/safe/css-stylesheet.ts";

const scope = "o1";

test("safeStylesheet() confines every selector to the scope without adding weight", () => {
  expect(safeStylesheet(".a text, #b > c { white-space: pre }", { scope })).toBe(
    ":where(#o1) .a text,:where(#o1) #o1-b>c{white-space:pre}\n",
  );
});

test("safeStylesheet() keeps the rules that Observable Plot writes", () => {
  const plot = ":where(.plot) { --plot-background: white; height: auto; height: intrinsic; }";
  expect(safeStylesheet(plot, { scope })).toBe(
    ":where(#o1) :where(.plot){--plot-background:white;height:auto;height:intrinsic}\n",
  );
});

test("safeStylesheet() keeps media queries and confines what is in them", () => {
  expect(safeStylesheet("@media (prefers-color-scheme: dark) { a { color: #fff } }", { scope }))
    .toBe(
      "@media (prefers-color-scheme:dark){:where(#o1) a{color:#fff}\n}\n",
    );
});

test("safeStylesheet() drops imports, fonts, key frames, nesting, addresses and escapes", () => {
  for (
    const css of [
      "@import url(//a.test/x.css);",
      "@font-face { font-family: x; src: url(//a.test/x) }",
      "@keyframes x { to { opacity: 0 } }",
      "@media (x: url(//a.test/x)) { a { color: red } }",
      "a { background: url(//a.test/x) }",
      "a { b { color: red } }",
      "& { color: red }",
      ".a\\{ { color: red }",
      "a { font-family: '</style><script>alert(1)</script>' }",
      "a { position: fixed }",
    ]
  ) expect(safeStylesheet(css, { scope }), css).toBe("");
});

test("safeStylesheet() never ends the element it will stand in", () => {
  const css = "a::after { font-family: '</style>' } </style><img src=x> b { color: red }";
  expect(safeStylesheet(css, { scope })).not.toContain("</");
});
