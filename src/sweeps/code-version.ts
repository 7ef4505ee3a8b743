import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourcesBelow } from "../files/sources-below.ts";

/** Rooms of `src/` that cannot change the result of a cell: they start runs, show them or serve. */
const WITHOUT: readonly string[] = [
  "notebook",
  "reports",
  "tasks",
  "figures",
  "bench",
  "live",
  "twin",
  "what-if",
];

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Constants that `src/` imports from the data, and the versions of all packages. */
function otherFiles(root: string): string[] {
  const constants = [...Deno.readDirSync(join(root, "data"))].map(({ name }) => name)
    .filter((name) => name.endsWith(".json") && name !== "datapackage.json").sort();
  return [...constants.map((name) => `data/${name}`), "deno.lock"];
}

function filesOfVersion(root: string): string[] {
  const sources = sourcesBelow(join(root, "src"))
    .filter((path) => !WITHOUT.includes(path.split("/")[0])).map((path) => `src/${path}`);
  return [...sources, ...otherFiles(root)];
}

/** The version of the code in a checkout, see {@link codeVersion}. */
export function versionOfCheckout(root: string): string {
  const hash = createHash("sha256");
  for (const path of filesOfVersion(root)) {
    const content = Deno.readFileSync(join(root, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

let version: string | undefined;

/**
 * Digest of the source files that can change the result of a cell, of the constants that they import
 * and of the versions of packages: results of other code are never taken for this code's. Read once a
 * process, in some 20 ms; see {@link editedSince}.
 */
export function codeVersion(): string {
  return version ??= versionOfCheckout(ROOT);
}

/**
 * A file of {@link codeVersion} that was written after an instant; null: none. Where one was written
 * since the process began, nobody can tell which code runs: this thread's may be older than the
 * file, and a worker's is not.
 *
 * @param instant milliseconds since 1970, as `performance.timeOrigin`
 */
export function editedSince(instant: number, root = ROOT): string | null {
  return filesOfVersion(root).find((path) => {
    const { mtime } = Deno.statSync(join(root, path));
    return mtime !== null && mtime.getTime() > instant;
  }) ?? null;
}
