import { svg } from "property-information";
import type { Element, Properties } from "../hast.ts";
import { safeAddress } from "./address.ts";
import { GEOMETRY_ATTRIBUTES, PRESENTATION_ATTRIBUTES } from "./allow-list.ts";
import { safeCssDeclarations } from "./css-declarations.ts";
import { safeCssValue } from "./css-value.ts";
import { propertiesOf } from "./schema.ts";

const GEOMETRY = new Set(propertiesOf(GEOMETRY_ATTRIBUTES, svg));
const PRESENTATION = new Set(propertiesOf(PRESENTATION_ATTRIBUTES, svg));
const ADDRESSES = new Set(["href", "src", "xLinkHref"]);
const NUMBERS_AND_KEYWORDS = /^[\w\s.,:+\-()%#]*$/;
const ID = /^[A-Za-z_][\w-]*$/;

function textOf(value: Properties[string]): string {
  return Array.isArray(value) ? value.join(" ") : String(value ?? "");
}

function safeProperty(
  name: string,
  value: Properties[string],
  options: { tagName: string; external: boolean; download: boolean },
): Properties[string] {
  if (ADDRESSES.has(name)) return safeAddress(textOf(value), options);
  if (name === "style") return safeCssDeclarations(textOf(value)) || null;
  if (name === "id") return ID.test(textOf(value)) ? value : null;
  if (name === "tabIndex") return textOf(value) === "0" ? value : null;
  if (PRESENTATION.has(name)) return safeCssValue(textOf(value));
  if (GEOMETRY.has(name)) return NUMBERS_AND_KEYWORDS.test(textOf(value)) ? value : null;
  return value;
}

/** Judges the values that the allow-list of names let through: addresses, CSS, ids, geometry. */
export function safeProperties(
  element: Element,
  options: { readonly external: boolean },
): Properties {
  const context = {
    tagName: element.tagName,
    external: options.external,
    download: "download" in element.properties,
  };
  const safe: Properties = {};
  for (const [name, value] of Object.entries(element.properties)) {
    const kept = safeProperty(name, value, context);
    if (kept !== null && kept !== undefined) safe[name] = kept;
  }
  return safe;
}
