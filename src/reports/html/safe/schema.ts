import type { Schema } from "hast-util-sanitize";
import { find, html, svg } from "property-information";
import {
  ADDRESS_ATTRIBUTES,
  COMMON_ATTRIBUTES,
  DROPPED_WITH_CONTENT,
  GEOMETRY_ATTRIBUTES,
  HTML_TAGS,
  MATH_ATTRIBUTES,
  MATH_TAGS,
  PRESENTATION_ATTRIBUTES,
  SVG_TAGS,
} from "./allow-list.ts";

/** The names that attributes have in a tree: `stroke-width` is `strokeWidth` there. */
export function propertiesOf(
  attributes: readonly string[],
  space: typeof html | typeof svg,
): string[] {
  return attributes.map((attribute) => find(space, attribute).property);
}

const everywhere = new Set([
  ...propertiesOf(COMMON_ATTRIBUTES, html),
  ...propertiesOf(COMMON_ATTRIBUTES, svg),
  ...propertiesOf(GEOMETRY_ATTRIBUTES, svg),
  ...propertiesOf(PRESENTATION_ATTRIBUTES, svg),
  ...propertiesOf(MATH_ATTRIBUTES, html),
]);

/** The allow-list in the form that hast-util-sanitize takes. Addresses and CSS are judged after it. */
export const SCHEMA: Schema = {
  tagNames: [...new Set([...HTML_TAGS, ...SVG_TAGS, ...MATH_TAGS])],
  attributes: {
    "*": [...everywhere],
    ...Object.fromEntries(
      Object.entries(ADDRESS_ATTRIBUTES).map((
        [tag, names],
      ) => [tag, propertiesOf(names, tag === "img" ? html : svg)]),
    ),
  },
  strip: [...DROPPED_WITH_CONTENT],
  // Ids are prefixed in a later pass that knows every place where one is named.
  clobber: [],
  protocols: {},
  required: {},
  ancestors: {},
  allowComments: false,
  allowDoctypes: false,
};
