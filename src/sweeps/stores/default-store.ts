import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FolderStore } from "./folder-store.ts";
import { noStore } from "./no-store.ts";
import type { ResultStore } from "./result-store.ts";

const FOLDER = fileURLToPath(new URL("../../../runs/cells/", import.meta.url));
const stores = new Map<string, FolderStore>();

/**
 * The store that sweeps use unless they are told another: the folder `runs/cells` of the checkout, or
 * what the environment variable DRIFTSCHED_STORE names, a folder or "off" for none.
 */
export function defaultStore(): ResultStore {
  const named = Deno.env.get("DRIFTSCHED_STORE") ?? "";
  if (named === "off") return noStore;
  const folder = named === "" ? FOLDER : resolve(named);
  let store = stores.get(folder);
  if (store === undefined) stores.set(folder, store = new FolderStore(folder));
  return store;
}
