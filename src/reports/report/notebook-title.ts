import { type Notebook, textOf } from "../notebook-format.ts";

/** A notebook's title: `metadata.title`, else the first heading of level 1, else `name`. */
export function notebookTitle(notebook: Notebook, name: string): string {
  const { title } = notebook.metadata;
  if (typeof title === "string" && title.trim() !== "") return title;
  for (const cell of notebook.cells) {
    const heading = cell.cell_type === "markdown" && /^#\s+(.+)$/m.exec(textOf(cell.source));
    if (heading) return heading[1].replace(/[*_`]/g, "").trim();
  }
  return name;
}
