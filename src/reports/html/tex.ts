import katex from "katex";

/** TeX commands that could reach outside (`\href`, `\includegraphics`, `\htmlClass`) stay off. */
const SETTINGS = {
  output: "mathml",
  trust: false,
  strict: "ignore",
  maxSize: 20,
  maxExpand: 500,
} as const;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** TeX as MathML markup; where it cannot be read, its source as code with the reason as title. */
export function texToMathml(source: string, options: { readonly display: boolean }): string {
  try {
    return katex.renderToString(source, { ...SETTINGS, displayMode: options.display });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `<code class="tex-error" title="${escaped(reason)}">${escaped(source.trim())}</code>`;
  }
}

/** The TeX of a `text/latex` output, without its delimiters. */
export function unwrapTex(latex: string): { source: string; display: boolean } {
  const text = latex.trim();
  const display = /^\$\$([\s\S]*)\$\$$/.exec(text) ?? /^\\\[([\s\S]*)\\\]$/.exec(text);
  if (display) return { source: display[1], display: true };
  const inline = /^\$([\s\S]*)\$$/.exec(text) ?? /^\\\(([\s\S]*)\\\)$/.exec(text);
  return inline ? { source: inline[1], display: false } : { source: text, display: true };
}
