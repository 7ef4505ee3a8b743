import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../errors/input-error.ts";

/** Where the figures of a notebook go. */
export interface FigureFolderOptions {
  /** Name of the notebook: its file name without `.ipynb`. */
  readonly notebook: string;
  /** Folder of all notebooks' figures. @default DRIFTSCHED_FIGURES, or `figures` of the repository */
  readonly directory?: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Folder of one notebook's figures. An {@link InputError} refuses a name that is not a plain one. */
export function figureFolder({ notebook, directory }: FigureFolderOptions): string {
  if (!/^\w[\w.-]*$/.test(notebook)) {
    throw new InputError({
      file: "figures",
      field: "notebook",
      value: notebook,
      expected: "a file name without .ipynb: letters, digits, hyphens",
    });
  }
  const all = directory ?? Deno.env.get("DRIFTSCHED_FIGURES");
  return join(all === undefined ? join(ROOT, "figures") : resolve(all), notebook);
}
