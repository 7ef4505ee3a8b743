import { join, relative } from "node:path";
import { sha256 } from "../files/sha256.ts";
import type { Provenance } from "./html/provenance.ts";

/** What is the same for all notebooks of one run. */
export type CommonProvenance = Omit<
  Provenance,
  "parameters" | "seeds" | "startedAt" | "durationSeconds"
>;

/** What a command prints, or `null` where it fails or is not installed. */
async function outputOf(command: string, args: readonly string[], cwd: string) {
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: [...args],
      cwd,
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch {
    return null;
  }
}

async function sha256Of(path: string): Promise<string> {
  return await sha256(await Deno.readFile(path));
}

async function filesUnder(directory: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(directory)) {
      const path = join(directory, name);
      if (isDirectory) files.push(...await filesUnder(path));
      else files.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files.sort();
}

/**
 * What a reader needs to repeat a run, as far as the folder `root` tells: its commit, the versions,
 * and the SHA-256 of every file in `data/` and of the lock.
 */
export async function gatherProvenance(root: string): Promise<CommonProvenance> {
  const [commit, status, data, lockSha256, manifest] = await Promise.all([
    outputOf("git", ["rev-parse", "HEAD"], root),
    outputOf("git", ["status", "--porcelain"], root),
    filesUnder(join(root, "data")).then((paths) =>
      Promise.all(paths.map(async (path) => ({
        path: relative(root, path).replaceAll("\\", "/"),
        sha256: await sha256Of(path),
      })))
    ),
    sha256Of(join(root, "deno.lock")),
    Deno.readTextFile(join(root, "package.json")),
  ]);
  return {
    commit,
    dirty: status !== null && status !== "",
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    packages: JSON.parse(manifest).dependencies ?? {},
    lockSha256,
    data,
  };
}

/** Seeds in words: `30 paired seeds, 1 to 30`; absent where there are none. */
export function seedsInWords(seeds: readonly number[]): string | undefined {
  if (seeds.length === 0) return undefined;
  const first = seeds[0];
  const inRow = seeds.length > 2 && seeds.every((seed, i) => seed === first + i);
  const which = inRow ? `${first} to ${seeds.at(-1)}` : seeds.join(", ");
  return `${seeds.length} paired ${seeds.length === 1 ? "seed" : "seeds"}, ${which}`;
}
