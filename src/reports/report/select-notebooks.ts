import { join, resolve } from "node:path";
import { InputError } from "../../errors/input-error.ts";
import type { Notebook } from "../notebook-format.ts";
import { notebookName, readNotebook } from "../notebook-file.ts";
import {
  distributeParameters,
  injectParameters,
  type ParameterValues,
  readParameters,
} from "../parameters.ts";

export interface SelectNotebooksOptions {
  /** Folder that holds `notebooks/`. */
  readonly root: string;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Parameters from the command line. */
  readonly parameters: ParameterValues;
}

/** A notebook ready to be executed. */
export interface SelectedNotebook {
  readonly name: string;
  readonly path: string;
  /** With its `injected-parameters` cell where the command line sets any. */
  readonly notebook: Notebook;
  /** Every parameter with the value that counts. */
  readonly parameters: ParameterValues;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function pathsOfAll(root: string): string[] {
  const directory = join(root, "notebooks");
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name);
  return names.filter((name) => name.endsWith(".ipynb") && !name.startsWith(".")).sort()
    .map((name) => join(directory, name));
}

function pathOf(given: string, { root, cwd }: SelectNotebooksOptions): string {
  const candidates = [
    resolve(cwd, given),
    resolve(root, given),
    join(root, "notebooks", given),
    join(root, "notebooks", `${given}.ipynb`),
  ];
  const path = candidates.find((candidate) => candidate.endsWith(".ipynb") && isFile(candidate));
  if (path !== undefined) return path;
  const known = pathsOfAll(root).map(notebookName).join(", ");
  const expected = `the path of a notebook or one of: ${known}`;
  throw new InputError({ file: "command line", field: "notebook", value: given, expected });
}

/**
 * The notebooks to run, read and checked, with their parameters set: those `given` by path or name,
 * or all of `notebooks/`. Throws an {@link InputError} before anything runs where one cannot be
 * read, two have the same name, or a parameter is known to none.
 */
export async function selectNotebooks(
  given: readonly string[],
  options: SelectNotebooksOptions,
): Promise<SelectedNotebook[]> {
  const paths = given.length > 0
    ? [...new Set(given.map((each) => pathOf(each, options)))]
    : pathsOfAll(options.root);
  const read = await Promise.all(paths.map(async (path) => {
    const notebook = await readNotebook(path);
    return { name: notebookName(path), path, notebook, parameters: readParameters(notebook, path) };
  }));
  for (const [i, { name, path }] of read.entries()) {
    const other = read.findIndex((each) => each.name === name);
    if (other === i) continue;
    const expected = `another name; ${paths[other]} writes to the same reports`;
    throw new InputError({ file: "command line", field: "notebook", value: path, expected });
  }
  const overrides = distributeParameters(read, options.parameters);
  return read.map((each, i) => ({
    ...each,
    notebook: injectParameters(each.notebook, overrides[i]),
    parameters: { ...each.parameters, ...overrides[i] },
  }));
}
