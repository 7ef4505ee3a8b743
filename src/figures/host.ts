import * as linkedom from "linkedom/worker";

let hosted: Document | undefined;

/**
 * The document that figures are drawn in: the browser's own, or a linkedom one where there is none.
 * `package.json` leaves linkedom out of what is bundled for browsers, which never get that far.
 */
export function plotDocument(): Document {
  const { document } = globalThis as { document?: Document };
  if (document !== undefined) return document;
  hosted ??= linkedom.parseHTML("<!doctype html><html></html>").document as unknown as Document;
  return hosted;
}
