import { h } from "hastscript";
import { toHtml } from "hast-util-to-html";
import { expect, test } from "vitest";
import { arrangeHeadings } from "../../../src/reports/html/headings.ts";
import type { Node } from "../../../src/reports/html/hast.ts";

function levels(...names: string[]): number[] {
  const cell: Node[] = names.map((name, index) => h(name, `Heading ${index}`));
  return arrangeHeadings([cell]).sections.map(({ level }) => level);
}

test("arrangeHeadings() makes the first h1 the title and takes it out of its cell", () => {
  const cells: Node[][] = [[h("p", "before")], [h("h1", ["A ", h("em", "b")]), h("h2", "C")]];
  const { title, sections } = arrangeHeadings(cells);
  expect(toHtml(title!)).toBe("A <em>b</em>");
  expect(toHtml(cells[1])).toBe('<h2 id="c">C</h2>');
  expect(sections).toEqual([{ id: "c", level: 2, text: "C" }]);
});

test("arrangeHeadings() jumps no level and starts at 2", () => {
  expect(levels("h1", "h2", "h4", "h3", "h6", "h2")).toEqual([2, 3, 3, 4, 2]);
  expect(levels("h3", "h4")).toEqual([2, 3]);
});

test("arrangeHeadings() takes several h1 as sections and moves the rest below them", () => {
  expect(levels("h1", "h1", "h2", "h3", "h1")).toEqual([2, 3, 4, 2]);
});

test("arrangeHeadings() numbers ids where texts repeat or the page uses them", () => {
  const cell: Node[] = ["Same", "Same", "Contents", "!", "?"].map((text) => h("h2", text));
  expect(arrangeHeadings([cell]).sections.map(({ id }) => id)).toEqual([
    "same",
    "same-1",
    "contents-1",
    "section",
    "section-1",
  ]);
});

test("arrangeHeadings() does not take a heading inside a quotation for a section", () => {
  const cell: Node[] = [h("blockquote", h("h2", "Quoted"))];
  expect(arrangeHeadings([cell])).toEqual({ title: null, sections: [] });
  expect(toHtml(cell)).toBe('<blockquote><p class="inner-heading">Quoted</p></blockquote>');
});
