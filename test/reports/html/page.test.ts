import { h } from "hastscript";
import { expect, test } from "vitest";
import { renderPage } from "../../../src/reports/html/page.ts";

test("renderPage() forbids everything but styles in the page and pictures as data", () => {
  const html = renderPage({ title: "T", body: [] });
  expect(html).toContain(
    "default-src &#x27;none&#x27;; style-src &#x27;unsafe-inline&#x27;; img-src data:; " +
      "base-uri &#x27;none&#x27;; form-action &#x27;none&#x27;",
  );
  expect(html).toMatch(/^<!doctype html><html lang="en"><head><meta charset="utf-8">/);
});

test("renderPage() escapes the title and takes CSS only if it cannot end its element", () => {
  expect(renderPage({ title: "</title><b>", body: [h("p", "x")] })).toContain(
    "<title>&#x3C;/title>&#x3C;b></title>",
  );
  expect(() => renderPage({ title: "T", css: "a{}</style>", body: [] })).toThrow(/would end/);
});

test("renderPage() shows what is no character as one that says so, and keeps tabs and lines", () => {
  const html = renderPage({ title: "T", body: [h("pre", "a\0b\u0007c\udaaad\ufffee\tf\ng💥")] });
  expect(html).toContain("<pre>a\ufffdb\ufffdc\ufffdd\ufffde\tf\ng💥</pre>");
});
