import { InputError } from "../../errors/input-error.ts";
import { compareResults } from "./compare-results.ts";
import type { Comparison, ItemKind } from "./difference.ts";
import { readResultFolder, type ResultFolder } from "./result-folder.ts";

/** Folders of a notebook's figures. */
export interface CompareFoldersOptions {
  readonly notebook: string;
  readonly committed: string;
  /** What a new run wrote. */
  readonly now: string;
}

async function readOr(folder: string): Promise<ResultFolder | InputError> {
  try {
    return await readResultFolder(folder);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** A comparison of one thing, which differs. */
export function oneDifference(
  notebook: string,
  kind: ItemKind,
  details: readonly string[],
): Comparison {
  return { total: 1, differences: [{ notebook, kind, name: notebook, details }] };
}

/** Compares two folders of figures; a manifest that cannot be read is a difference, not a failure. */
export async function compareFolders(
  { notebook, committed, now }: CompareFoldersOptions,
): Promise<Comparison> {
  const before = await readOr(committed);
  if (before instanceof InputError) {
    return oneDifference(notebook, "manifest", [`committed: ${before.message}`]);
  }
  const after = await readOr(now);
  if (after instanceof InputError) {
    return oneDifference(notebook, "run", [`the new run: ${after.message}`]);
  }
  return compareResults(notebook, before, after);
}
