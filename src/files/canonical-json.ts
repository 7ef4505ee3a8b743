import { sortedKeys } from "../collections/sorted-keys.ts";

/** JSON with sorted keys, two spaces and a last newline: the same bytes for the same value. */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(sortedKeys(value), null, 2)}\n`;
}
