import { join } from "node:path";
import { readBytes } from "../../files/read-bytes.ts";
import { sha256 } from "../../files/sha256.ts";
import type { FigureManifest } from "../../notebook/figure-manifest.ts";
import { MANIFEST, readManifest } from "../read-manifest.ts";

/** A file as it lies there. */
export interface FoundFile {
  readonly sha256: string;
  /** Content, for files that are compared by content. */
  readonly text?: string;
}

/** What a run of a notebook left in its folder of figures. */
export interface ResultFolder {
  readonly manifest: FigureManifest;
  /** By name; the manifest is not among them. */
  readonly files: ReadonlyMap<string, FoundFile>;
}

/** Reads a notebook's folder of figures; an InputError where its manifest cannot be read. */
export async function readResultFolder(folder: string): Promise<ResultFolder> {
  const manifest = await readManifest(folder);
  const files = new Map<string, FoundFile>();
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || name === MANIFEST || name.endsWith(".partial")) continue;
    const bytes = await readBytes(join(folder, name));
    const text = name.endsWith(".csv") ? new TextDecoder().decode(bytes) : undefined;
    files.set(name, { sha256: await sha256(bytes), text });
  }
  return { manifest, files };
}
