import { html, svg } from "property-information";
import { expect, test } from "vitest";
import {
  COMMON_ATTRIBUTES,
  GEOMETRY_ATTRIBUTES,
  HTML_TAGS,
  MATH_TAGS,
  PRESENTATION_ATTRIBUTES,
  SVG_TAGS,
} from "../../../../src/reports/html/safe/allow-list.ts";
import { propertiesOf, SCHEMA } from "../../../../src/reports/html/safe/schema.ts";

test("SCHEMA allows no element that runs, loads, submits or embeds", () => {
  for (
    const tag of [
      "script style iframe object embed form input button base meta link foreignObject animate set",
      "annotation-xml template noscript textarea select audio video feImage mglyph",
    ].join(" ").split(" ")
  ) expect(SCHEMA.tagNames).not.toContain(tag);
});

test("SCHEMA allows no handler and no address on elements that need none", () => {
  const everywhere = SCHEMA.attributes!["*"]!.map(String);
  expect(everywhere.filter((name) => /^on/i.test(name))).toEqual([]);
  for (const name of ["href", "src", "xLinkHref", "srcSet", "action", "ping", "target"]) {
    expect(everywhere).not.toContain(name);
  }
});

test("SCHEMA and the lists name known attributes in the spelling that parsers give them", () => {
  expect(propertiesOf(["stroke-width", "viewBox", "text-anchor"], svg)).toEqual([
    "strokeWidth",
    "viewBox",
    "textAnchor",
  ]);
  const known = new Set([...Object.keys(svg.property), ...Object.keys(html.property)]);
  const unknown = [
    ...propertiesOf(COMMON_ATTRIBUTES, html),
    ...propertiesOf(GEOMETRY_ATTRIBUTES, svg),
    ...propertiesOf(PRESENTATION_ATTRIBUTES, svg),
  ].filter((name) => !known.has(name));
  // One is younger than the table of names, which passes it on as it is.
  expect(new Set(unknown)).toEqual(new Set(["aria-description"]));
});

test("the lists hold every name once", () => {
  for (const list of [HTML_TAGS, SVG_TAGS, MATH_TAGS, PRESENTATION_ATTRIBUTES]) {
    expect(new Set(list).size).toBe(list.length);
  }
});
