import { parseHTML } from "linkedom/worker";

let hosted: Document | undefined;

/** The document that figures are drawn in: the browser's own, or a linkedom one where there is none. */
export function plotDocument(): Document {
  const { document } = globalThis as { document?: Document };
  if (document !== undefined) return document;
  hosted ??= parseHTML("<!doctype html><html></html>").document as unknown as Document;
  return hosted;
}
