import type { WriteOptions } from "../files/write-atomically.ts";

/** Option of `parseArgs` of every task that writes the file that `-o` names. */
export const OVERWRITE_OPTION = { overwrite: { type: "boolean", default: false } } as const;

/** What it is, for a task's usage. */
export const OVERWRITE_USAGE =
  "  --overwrite          replaces a file of other content that is at OUT; without it that is refused";

/** How a task writes the file that the user names: it replaces nothing that it was not told to. */
export function writeOptions({ overwrite }: { readonly overwrite: boolean }): WriteOptions {
  return overwrite ? { existing: "replace" } : {
    existing: "refuse",
    wayOut: "add --overwrite to replace it, or name another file",
  };
}
