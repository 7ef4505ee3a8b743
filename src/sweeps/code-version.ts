import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Rooms of `src/` that cannot change the result of a cell: they start runs, show them or serve. */
const WITHOUT: readonly string[] = [
  "notebook",
  "reports",
  "tasks",
  "figures",
  "bench",
  "live",
  "twin",
];

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Files of a folder and of those below it, by path from `base`, sorted. */
function filesBelow(folder: string, base = ""): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = base === "" ? name : `${base}/${name}`;
    if (isDirectory) return WITHOUT.includes(path) ? [] : filesBelow(join(folder, name), path);
    return name.endsWith(".ts") && !name.startsWith(".") ? [path] : [];
  }).sort();
}

/** Constants that `src/` imports from the data, and the versions of all packages. */
function otherFiles(root: string): string[] {
  const constants = [...Deno.readDirSync(join(root, "data"))].map(({ name }) => name)
    .filter((name) => name.endsWith(".json") && name !== "datapackage.json").sort();
  return [...constants.map((name) => `data/${name}`), "deno.lock"];
}

/** The version of the code in a checkout, see {@link codeVersion}. */
export function versionOfCheckout(root: string): string {
  const hash = createHash("sha256");
  const sources = filesBelow(join(root, "src")).map((path) => `src/${path}`);
  for (const path of [...sources, ...otherFiles(root)]) {
    const content = Deno.readFileSync(join(root, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

let version: string | undefined;

/**
 * Digest of the source files that can change the result of a cell, of the constants that they import
 * and of the versions of packages: results of other code are never taken for this code's. Read once a
 * process, in some 20 ms; files edited meanwhile do not count, as they are not loaded either.
 */
export function codeVersion(): string {
  return version ??= versionOfCheckout(ROOT);
}
