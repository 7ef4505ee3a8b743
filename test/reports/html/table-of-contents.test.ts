import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import { tableOfContents } from "../../../src/reports/html/table-of-contents.ts";

test("tableOfContents() lists sections and subsections and nothing deeper", () => {
  const sections = [
    { id: "a", level: 2, text: "A <b>" },
    { id: "b", level: 3, text: "B" },
    { id: "c", level: 4, text: "C" },
    { id: "d", level: 2, text: "D" },
  ];
  expect(toHtml(tableOfContents(sections)!)).toContain(
    '<ol><li><a href="#a">A &#x3C;b></a><ol><li><a href="#b">B</a></li></ol></li>' +
      '<li><a href="#d">D</a></li></ol>',
  );
});

test("tableOfContents() is left out where there is one section or none", () => {
  expect(tableOfContents([])).toBeNull();
  expect(tableOfContents([{ id: "a", level: 2, text: "A" }])).toBeNull();
});
