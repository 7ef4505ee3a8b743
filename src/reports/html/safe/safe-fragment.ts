import { fromHtml } from "hast-util-from-html";
import { sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { visit } from "unist-util-visit";
import { contentOf, type Element, type Node, type Root } from "../hast.ts";
import { safeStylesheet } from "./css-stylesheet.ts";
import { separateNamespaces } from "./namespaces.ts";
import { safeProperties } from "./properties.ts";
import { SCHEMA } from "./schema.ts";
import { scopeIds } from "./scope-ids.ts";

export interface SafeFragmentOptions {
  /** Prefix of every id inside, and id of the element that the fragment's CSS is confined to. */
  readonly scope?: string;
  /** Whether links may lead to the web. Default false. */
  readonly external?: boolean;
}

export interface SafeFragment {
  readonly children: Node[];
  /** CSS of the fragment's style elements, confined to `#scope`. Empty without a scope. */
  readonly css: string;
  /** What was taken out and how often, by name: `<script>`, `onclick`, `href`. */
  readonly removed: ReadonlyMap<string, number>;
}

/** A sanitised fragment nested deeper than this is refused; browsers flatten at 512. */
const DEEPEST = 200;
/** Parsing what was serialised must give the same again; real output does so at once. */
const MOST_ROUNDS = 5;

const ACTIVE = /^(?:on[A-Z].*|href|src|srcSet|action|formAction|srcDoc|xLinkHref)$/;

function census(nodes: readonly Node[]): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  visit({ type: "root", children: [...nodes] }, "element", (element) => {
    count(`<${element.tagName}>`);
    for (const name of Object.keys(element.properties)) {
      if (ACTIVE.test(name)) count(name === "xLinkHref" ? "href" : name.toLowerCase());
    }
  });
  return counts;
}

function difference(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Map<string, number> {
  const removed = new Map<string, number>();
  for (const [name, count] of before) {
    const gone = count - (after.get(name) ?? 0);
    if (gone > 0 && name !== "<style>") removed.set(name, gone);
  }
  return removed;
}

function takeStyles(nodes: readonly Node[]): string {
  const sheets: string[] = [];
  visit({ type: "root", children: [...nodes] }, "element", (element) => {
    if (element.tagName !== "style") return;
    sheets.push(
      element.children.map((child) => child.type === "text" ? child.value : "").join(""),
    );
  });
  return sheets.join("\n");
}

function depthOf(nodes: readonly Node[]): number {
  let level: readonly Node[] = nodes;
  let depth = 0;
  while (level.length > 0) {
    depth += 1;
    level = level.flatMap((node) => node.type === "element" ? node.children : []);
  }
  return depth;
}

function clean(nodes: Node[], external: boolean): Node[] {
  const allowed = sanitize({ type: "root", children: nodes }, SCHEMA);
  // hast-util-sanitize returns a lone child without its root.
  const children = allowed.type === "root"
    ? contentOf(allowed)
    : allowed.type === "doctype"
    ? []
    : [allowed];
  const kept = separateNamespaces(children);
  visit({ type: "root", children: kept }, "element", (element: Element) => {
    element.properties = safeProperties(element, { external });
  });
  return kept;
}

function bodyOf(document: Root): Node[] {
  const html = contentOf(document).find((node) =>
    node.type === "element" && node.tagName === "html"
  );
  const body = html?.type === "element"
    ? html.children.find((node) => node.type === "element" && node.tagName === "body")
    : undefined;
  return body?.type === "element" ? body.children : [];
}

function parseAsPage(markup: string): Node[] {
  // Inside a document and an element, as the browser will meet it, not as a bare fragment.
  const [wrapper] = bodyOf(fromHtml(`<!doctype html><body><div>${markup}</div>`));
  return wrapper?.type === "element" ? wrapper.children : [];
}

function cleaned(markup: string, options: SafeFragmentOptions): SafeFragment {
  const { scope, external = false } = options;
  const first = contentOf(fromHtml(markup, { fragment: true }));
  const before = census(first);
  const styles = takeStyles(first);
  let children = clean(first, external);
  let text = toHtml(children);
  for (let round = 0;; round += 1) {
    if (depthOf(children) > DEEPEST) return refused("nested too deeply");
    const again = clean(parseAsPage(text), external);
    const next = toHtml(again);
    children = again;
    if (next === text) break;
    if (round === MOST_ROUNDS) return refused("markup that no two parsers read alike");
    text = next;
  }
  const removed = difference(before, census(children));
  if (scope !== undefined) scopeIds(children, scope);
  const css = scope === undefined ? "" : safeStylesheet(styles, { scope });
  return { children, css, removed };
}

function refused(reason: string): SafeFragment {
  return { children: [], css: "", removed: new Map([[reason, 1]]) };
}

/**
 * Takes markup from an output into a report: parsed as a browser parses it, reduced to an allow-list
 * of HTML, SVG and MathML, then serialised and parsed again until nothing changes, so that the page's
 * reader sees the very tree that was judged. Never throws; what was taken out is counted.
 */
export function safeFragment(markup: string, options: SafeFragmentOptions = {}): SafeFragment {
  try {
    return cleaned(markup, options);
  } catch (error) {
    // Parsers and serialisers recurse: markup nested some thousands deep exhausts the stack.
    if (error instanceof RangeError) return refused("nested too deeply");
    throw error;
  }
}
