import { readFileSync } from "node:fs";
import { toHtml } from "hast-util-to-html";
import { h } from "hastscript";
import type { Element, Node } from "./hast.ts";

export interface PageParts {
  /** Text of the window's title. */
  readonly title: string;
  /** CSS of outputs, after the page's own. */
  readonly css?: string;
  readonly body: Node[];
}

/**
 * Nothing may run and nothing may be fetched: styles stand in the page, pictures are data. The
 * sanitiser alone must suffice; this is the second lock.
 */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " +
  "form-action 'none'";

let stylesheet: string | undefined;

function reportCss(): string {
  stylesheet ??= readFileSync(new URL("./report.css", import.meta.url), "utf8");
  return stylesheet;
}

function styleElement(css: string): Element {
  // Text of a style element is the one thing a serialiser cannot escape.
  if (css.includes("</")) {
    throw new Error("A style sheet must not hold `</`: it would end its element");
  }
  return h("style", css);
}

/**
 * What HTML has no place for: control characters but tab and line ends, and code points that are no
 * characters. Source: HTML, "preprocessing the input stream".
 */
// deno-lint-ignore no-control-regex -- control characters are what is looked for
const NO_CHARACTER = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]|\p{Noncharacter_Code_Point}/gu;

/** A whole HTML document that needs nothing but itself. What is no character is shown as U+FFFD. */
export function renderPage({ title, css = "", body }: PageParts): string {
  const page = h("html", { lang: "en" }, [
    h("head", [
      h("meta", { charSet: "utf-8" }),
      h("meta", { httpEquiv: "Content-Security-Policy", content: POLICY }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("meta", { name: "color-scheme", content: "light dark" }),
      h("meta", { name: "referrer", content: "no-referrer" }),
      h("link", { rel: "icon", href: "data:," }),
      h("title", title),
      styleElement(reportCss()),
      css === "" ? null : styleElement(css),
    ]),
    h("body", body),
  ]);
  const html = toHtml({ type: "root", children: [{ type: "doctype" }, page] });
  return `${html.toWellFormed().replace(NO_CHARACTER, "\ufffd")}\n`;
}
