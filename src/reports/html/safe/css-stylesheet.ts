import {
  type Atrule,
  type CssNode,
  find,
  generate,
  parse,
  type Rule,
  type StyleSheet,
  walk,
} from "css-tree";
import { isSafeDeclaration } from "./css-declarations.ts";

export interface SafeStylesheetOptions {
  /** Id of the element that the rules are confined to; also the prefix of the ids inside it. */
  readonly scope: string;
}

const HARMLESS_TEXT = /^[^\\<\0]*$/;

function safeRule(rule: Rule, scope: string): string {
  if (rule.prelude.type !== "SelectorList" || find(rule.prelude, (node) => node.type === "Raw")) {
    return "";
  }
  walk(rule.prelude, (node: CssNode) => {
    if (node.type === "IdSelector") node.name = `${scope}-${node.name}`;
  });
  // A prefix of no specificity: the page's own rules win or lose as they would without it.
  const selectors = rule.prelude.children.toArray()
    .map((selector) => generate(selector))
    .filter((selector) => HARMLESS_TEXT.test(selector) && !selector.includes("&"))
    .map((selector) => `:where(#${scope}) ${selector}`);
  const declarations = rule.block.children.toArray()
    .filter((node) => node.type === "Declaration" && isSafeDeclaration(node))
    .map((node) => generate(node));
  if (selectors.length === 0 || declarations.length === 0) return "";
  return `${selectors.join(",")}{${declarations.join(";")}}\n`;
}

function safeMedia(rule: Atrule, scope: string): string {
  if (rule.name.toLowerCase() !== "media" || rule.prelude === null || rule.block === null) {
    return "";
  }
  const query = generate(rule.prelude);
  if (!/^[\w\s():.,-]+$/.test(query)) return "";
  const rules = safeRules(rule.block.children.toArray(), scope);
  return rules === "" ? "" : `@media ${query}{${rules}}\n`;
}

function safeRules(nodes: readonly CssNode[], scope: string): string {
  return nodes.map((node) => {
    if (node.type === "Rule") return safeRule(node, scope);
    return node.type === "Atrule" ? safeMedia(node, scope) : "";
  }).join("");
}

/**
 * The allowed part of a style element, confined to the element with the id `scope`: plain rules and
 * `@media`; no imports, fonts, key frames or nesting.
 */
export function safeStylesheet(text: string, options: SafeStylesheetOptions): string {
  const sheet = parse(text, { parseCustomProperty: true, onParseError: () => {} }) as StyleSheet;
  return safeRules(sheet.children.toArray(), options.scope);
}
