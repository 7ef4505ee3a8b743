import GithubSlugger, { slug } from "github-slugger";
import { visit } from "unist-util-visit";
import type { Element, Node } from "./hast.ts";
import { textContent } from "./text-content.ts";

export interface Section {
  readonly id: string;
  /** 2 or more; 1 is the page's title. */
  readonly level: number;
  readonly text: string;
}

export interface ArrangedHeadings {
  /** Content of the first `h1`, taken out of its cell; null where the notebook has none. */
  readonly title: Node[] | null;
  readonly sections: readonly Section[];
}

interface FoundHeading {
  readonly element: Element;
  readonly level: number;
}

/** Ids that the page itself uses. */
const TAKEN = ["content", "contents"];

function takeTitle(cells: readonly Node[][]): Node[] | null {
  for (const cell of cells) {
    const index = cell.findIndex((node) => node.type === "element" && node.tagName === "h1");
    if (index < 0) continue;
    const [title] = cell.splice(index, 1);
    return title.type === "element" ? title.children : null;
  }
  return null;
}

function findHeadings(cells: readonly Node[][]): FoundHeading[] {
  const found: FoundHeading[] = [];
  for (const cell of cells) {
    for (const element of cell) {
      if (element.type !== "element") continue;
      const level = /^h([1-6])$/.exec(element.tagName)?.[1];
      if (level !== undefined) found.push({ element, level: Number(level) });
      else quietInnerHeadings(element);
    }
  }
  return found;
}

/** A heading inside a quotation or a list is no section of the page. */
function quietInnerHeadings(block: Element): void {
  visit(block, "element", (element) => {
    if (!/^h[1-6]$/.test(element.tagName)) return;
    element.tagName = "p";
    element.properties.className = ["inner-heading"];
  });
}

/**
 * Fits the headings of all Markdown cells (in order, changed in place) into one page: the first `h1`
 * becomes its title, further ones sections beside `h2`, no level is jumped, each gets an id made from
 * its text, numbered where texts repeat.
 */
export function arrangeHeadings(cells: readonly Node[][]): ArrangedHeadings {
  const title = takeTitle(cells);
  const found = findHeadings(cells);
  // With several h1 the writer meant them as sections: everything below moves down with them.
  const shift = found.some(({ level }) => level === 1) ? 1 : 0;
  const slugger = new GithubSlugger();
  for (const id of TAKEN) slugger.slug(id);
  let previous = 1;
  const sections = found.map(({ element, level }): Section => {
    const fitted = Math.min(Math.max(level + shift, 2), previous + 1, 6);
    previous = fitted;
    const text = textContent(element.children).trim();
    const id = slugger.slug(slug(text) || "section");
    element.tagName = `h${fitted}`;
    element.properties.id = id;
    return { id, level: fitted, text };
  });
  return { title, sections };
}
