import type { Notebook } from "../notebook-format.ts";
import type { Provenance } from "./provenance.ts";

export interface ExportHtmlOptions {
  /** Name of the notebook without folder and ending, for example `reproduction`. */
  readonly name: string;
  readonly provenance: Provenance;
}

/** One self-contained HTML file of an executed notebook. No request leaves the page. */
export function exportHtml(_notebook: Notebook, options: ExportHtmlOptions): Promise<string> {
  return Promise.reject(new Error(`exportHtml is not written yet: ${options.name}`));
}
