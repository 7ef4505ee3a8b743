import { type CssNode, find, generate, parse } from "css-tree";
import { CSS_FUNCTIONS, CSS_PROPERTIES } from "./allow-list.ts";

/** No escapes: `u\72l(` is `url(` to a browser. No `<`: it could end a style element. */
const HARMLESS_TEXT = /^[^\\<\0]*$/;
const LOCAL_ADDRESS = /^#[\w-]+$/;

function isForbidden(node: CssNode): boolean {
  switch (node.type) {
    case "Url":
      return !LOCAL_ADDRESS.test(node.value);
    case "Function":
      return !CSS_FUNCTIONS.has(node.name.toLowerCase());
    case "Raw":
      return true;
    default:
      return false;
  }
}

/** Whether a parsed value holds nothing but allowed functions and addresses inside the page. */
export function isSafeCssValue(value: CssNode): boolean {
  return HARMLESS_TEXT.test(generate(value)) && find(value, isForbidden) === null;
}

/** Whether a property may be set: an allowed name or a custom property. */
export function isSafeCssProperty(property: string): boolean {
  return CSS_PROPERTIES.has(property.toLowerCase()) || /^--[a-z][\w-]*$/i.test(property);
}

const PLAIN = /^[\w#.,%+\-\s]*$/;
/** Nothing in it that two parsers could take apart differently, and no address to rewrite. */
const UNAMBIGUOUS = /^(?!.*url)[\w#.,%+\-\s()]*$/i;

/**
 * A CSS value as it may stand in a presentation attribute (`fill`, `clip-path`); null where it is not
 * allowed. Kept as written where that can be read in one way only, as figures select elements by
 * their attributes; else in css-tree's canonical form.
 */
export function safeCssValue(text: string): string | null {
  // Most values of a figure are numbers, keywords and hex colours, which cannot hold a function.
  if (PLAIN.test(text)) return text;
  if (!HARMLESS_TEXT.test(text)) return null;
  try {
    const value = parse(text, { context: "value" });
    if (!isSafeCssValue(value)) return null;
    return UNAMBIGUOUS.test(text) ? text : generate(value);
  } catch {
    // css-tree throws on a value that is no value at all (`a}`): nothing of it may stay.
    return null;
  }
}
