import { h } from "hastscript";
import { type Output, textOf } from "../notebook-format.ts";
import { settleFigures } from "./figures.ts";
import type { Element, Node } from "./hast.ts";
import type { Highlighter } from "./highlighter.ts";
import { renderMarkdown } from "./markdown.ts";
import { safeFragment } from "./safe/safe-fragment.ts";
import { boxTables } from "./tables.ts";
import { texToMathml, unwrapTex } from "./tex.ts";

export interface OutputContext {
  /** Id of the output on the page; everything inside it is named after it. */
  readonly id: string;
  readonly highlighter: Highlighter;
}

export interface RenderedOutput {
  readonly element: Element;
  /** CSS that the output brings along, confined to it. */
  readonly css: string;
}

type Stream = Extract<Output, { output_type: "stream" }>;
type Failure = Extract<Output, { output_type: "error" }>;
type Bundle = Extract<Output, { output_type: "display_data" }>["data"];

/** Richest first. */
const PICTURES = ["image/png", "image/jpeg", "image/webp", "image/gif"] as const;
const RICHEST = [
  "text/html",
  "image/svg+xml",
  "text/markdown",
  "text/latex",
  ...PICTURES,
  "application/json",
  "text/plain",
] as const;

function textIn(bundle: Bundle, type: string): string {
  const value = bundle[type];
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return textOf(value);
  return JSON.stringify(value, null, 2) ?? "";
}

function textBox(nodes: Node[], options: { label: string; class: string }): Element {
  return h(
    "pre",
    { class: options.class, role: "group", ariaLabel: options.label, tabIndex: 0 },
    nodes,
  );
}

function removedNote(removed: ReadonlyMap<string, number>): Element | null {
  if (removed.size === 0) return null;
  const list = [...removed].map(([name, count]) => count > 1 ? `${name} (${count} times)` : name);
  return h(
    "p.removed",
    `Left out of this output, as it may not stand in a report: ${list.join(", ")}`,
  );
}

function renderMarkup(markup: string, id: string): RenderedOutput {
  const { children, css, removed } = safeFragment(markup, { scope: id });
  const root = { type: "root" as const, children };
  settleFigures(root);
  boxTables(root);
  return { element: h("div.output", { id }, [...root.children, removedNote(removed)]), css };
}

function renderPicture(bundle: Bundle, type: string, id: string): Element {
  const data = textIn(bundle, type).replace(/\s/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    return h("p.removed", { id }, `A picture of type ${type} whose data are not base64`);
  }
  const alt = "text/plain" in bundle ? textIn(bundle, "text/plain").trim() : "";
  return h(
    "div.output",
    { id },
    h("img", { src: `data:${type};base64,${data}`, alt: alt || "Figure" }),
  );
}

function renderBundle(bundle: Bundle, context: OutputContext): RenderedOutput {
  const { id, highlighter } = context;
  const type = RICHEST.find((candidate) => bundle[candidate] !== undefined);
  const plain = (children: Node[]): RenderedOutput => ({
    element: h("div.output", { id }, children),
    css: "",
  });
  switch (type) {
    case "text/html":
    case "image/svg+xml":
      return renderMarkup(textIn(bundle, type), id);
    case "text/markdown": {
      const root = {
        type: "root" as const,
        children: renderMarkdown(textIn(bundle, type), highlighter),
      };
      settleFigures(root);
      return plain([h("div.prose", root.children)]);
    }
    case "text/latex": {
      const { source, display } = unwrapTex(textIn(bundle, type));
      return plain([h("div.equation", safeFragment(texToMathml(source, { display })).children)]);
    }
    case "application/json":
      return plain([textBox([{ type: "text", value: JSON.stringify(bundle[type], null, 2) }], {
        label: "JSON",
        class: "text",
      })]);
    case "text/plain":
      return plain([
        textBox(highlighter.terminal(textIn(bundle, type)), { label: "Result", class: "text" }),
      ]);
    case undefined:
      return plain([
        h(
          "p.removed",
          `This output cannot be shown here: ${Object.keys(bundle).join(", ") || "empty"}`,
        ),
      ]);
    default:
      return { element: renderPicture(bundle, type, id), css: "" };
  }
}

function renderStream(stream: Stream, { id, highlighter }: OutputContext): Element {
  const nodes = highlighter.terminal(textOf(stream.text).replace(/\n$/, ""));
  if (stream.name === "stdout") {
    return h("div.output", { id }, textBox(nodes, { label: "Printed text", class: "text" }));
  }
  return h("div.output", { id }, [
    h("p.stream-name", "Messages (stderr)"),
    textBox(nodes, { label: "Messages", class: "text stderr" }),
  ]);
}

function renderError(error: Failure, { id, highlighter }: OutputContext): Element {
  const trace = highlighter.terminal(error.traceback.join("\n"));
  const hasTrace = trace.some((node) => node.type !== "text" || node.value.trim() !== "");
  return h("div.output", { id }, [
    h("div.error", { role: "group", ariaLabel: "Error" }, [
      h("p", [
        h("strong", highlighter.terminal(error.ename)),
        error.evalue === "" ? null : ": ",
        ...highlighter.terminal(error.evalue),
      ]),
      hasTrace ? textBox(trace, { label: "Stack trace", class: "text" }) : null,
    ]),
  ]);
}

/** One output of a code cell as an element with the id `context.id`. Hostile data stay text. */
export function renderOutput(output: Output, context: OutputContext): RenderedOutput {
  switch (output.output_type) {
    case "stream":
      return { element: renderStream(output, context), css: "" };
    case "error":
      return { element: renderError(output, context), css: "" };
    default:
      return renderBundle(output.data, context);
  }
}

/** Joins neighbouring pieces of one stream, which a kernel sends line by line. */
export function joinStreams(outputs: readonly Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (
      output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name
    ) {
      joined[joined.length - 1] = { ...last, text: textOf(last.text) + textOf(output.text) };
    } else joined.push(output);
  }
  return joined;
}
