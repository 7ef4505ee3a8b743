import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { h } from "hastscript";
import type { Node } from "./hast.ts";
import { settleTerminalText } from "./terminal-text.ts";

const THEME = "css-variables";
const BOLD = 2;
/** By default a line that takes over half a second stays plain: the page would depend on the clock. */
const NO_LIMIT = 0;

/** Turns code and terminal text into coloured spans whose classes the report's CSS gives a colour. */
export interface Highlighter {
  /** TypeScript source as spans of class `t-keyword`, `t-string`, … */
  code(source: string): Node[];
  /** What a terminal would show: colours as spans of class `ansi-red`, …; other escapes gone. */
  terminal(text: string): Node[];
}

function classOf(color: string | undefined): string | null {
  const name = /^var\(--shiki-(?:token-)?(.+)\)$/.exec(color ?? "")?.[1];
  if (name === undefined || name === "foreground" || name === "background") return null;
  return name.startsWith("ansi-") ? name : `t-${name}`;
}

function spans(shiki: HighlighterCore, text: string, lang: "typescript" | "ansi"): Node[] {
  const nodes: Node[] = [];
  const lines = shiki.codeToTokensBase(text, { lang, theme: THEME, tokenizeTimeLimit: NO_LIMIT });
  let pending = { name: "", text: "" };
  const flush = () => {
    if (pending.text === "") return;
    nodes.push(
      pending.name === ""
        ? { type: "text", value: pending.text }
        : h("span", { class: pending.name }, pending.text),
    );
  };
  for (const [index, line] of lines.entries()) {
    if (index > 0) pending.text += "\n";
    for (const token of line) {
      const bold = lang === "ansi" && ((token.fontStyle ?? 0) & BOLD) !== 0;
      const name = [classOf(token.color), bold ? "ansi-bold" : null].filter(Boolean).join(" ");
      if (name !== pending.name) {
        flush();
        pending = { name, text: "" };
      }
      pending.text += token.content;
    }
  }
  flush();
  return nodes;
}

async function create(): Promise<Highlighter> {
  const shiki = await createHighlighterCore({
    themes: [createCssVariablesTheme({ name: THEME, variablePrefix: "--shiki-" })],
    langs: [import("shiki/langs/typescript.mjs")],
    engine: createJavaScriptRegexEngine(),
  });
  return {
    code: (source) => spans(shiki, source, "typescript"),
    terminal: (text) => {
      const settled = settleTerminalText(text);
      return settled.includes("\u001b")
        ? spans(shiki, settled, "ansi")
        : [{ type: "text", value: settled }];
    },
  };
}

let shared: Promise<Highlighter> | undefined;

/** The highlighter, made once in a process. */
export function loadHighlighter(): Promise<Highlighter> {
  shared ??= create();
  return shared;
}
