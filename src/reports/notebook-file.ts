import { basename } from "node:path";
import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import { Notebook, type Output, textOf } from "./notebook-format.ts";

const EXTENSION = ".ipynb";

/** The name of a notebook: its file name without `.ipynb`. */
export function notebookName(path: string): string {
  return basename(path, EXTENSION);
}

/**
 * Reads a notebook (nbformat 4.5). Throws an {@link InputError} that names the file and the field
 * where it is not one.
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await Deno.readTextFile(path).catch((error) => {
    const expected = "a notebook that exists and can be read";
    throw new InputError({ file: path, value: error.code ?? error.name, expected });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError({ file: path, value: (error as Error).message, expected: "valid JSON" });
  }
  const notebook = parseWith(Notebook, json, path);
  const ids = new Set<string>();
  for (const [i, { id }] of notebook.cells.entries()) {
    if (ids.has(id)) {
      const expected = "an id that no other cell of the notebook has";
      throw new InputError({ file: path, field: `cells.${i}.id`, value: id, expected });
    }
    ids.add(id);
  }
  return notebook;
}

/** nbformat keeps text as a list of lines with their newlines, so that diffs read well. */
function lines(text: string | readonly string[]): string[] {
  return textOf(text).match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function writableOutput(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    typeof value === "string" && (type.startsWith("text/") || type === "image/svg+xml")
      ? lines(value)
      : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0));
}

/** The text of a notebook's file as nbformat writes it: sorted keys, one space of indent. */
export function serializeNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => {
    const source = lines(cell.source);
    if (cell.cell_type !== "code") return { ...cell, source };
    return { ...cell, source, outputs: cell.outputs.map(writableOutput) };
  });
  return `${JSON.stringify({ ...notebook, cells }, sortKeys, 1)}\n`;
}
