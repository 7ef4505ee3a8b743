import { h } from "hastscript";
import type { Element } from "./hast.ts";
import type { Section } from "./headings.ts";

interface Entry {
  readonly section: Section;
  readonly below: Section[];
}

function grouped(sections: readonly Section[]): Entry[] {
  const entries: Entry[] = [];
  for (const section of sections) {
    if (section.level === 2) entries.push({ section, below: [] });
    else if (section.level === 3) entries.at(-1)?.below.push(section);
  }
  return entries;
}

function link(section: Section): Element {
  return h("a", { href: `#${section.id}` }, section.text);
}

/** The table of contents of sections and subsections; null where there is too little to list. */
export function tableOfContents(sections: readonly Section[]): Element | null {
  const entries = grouped(sections);
  if (entries.length < 2) return null;
  return h("nav.contents", { id: "contents", ariaLabel: "Contents" }, [
    h("details", [
      h("summary", "Contents"),
      h(
        "ol",
        entries.map(({ section, below }) =>
          h("li", [
            link(section),
            below.length > 0 ? h("ol", below.map((it) => h("li", link(it)))) : null,
          ])
        ),
      ),
    ]),
  ]);
}
