import { join } from "node:path";
import { parseJson } from "../errors/parse-json.ts";
import { parseWith } from "../errors/parse-with.ts";
import { readBytes } from "../files/read-bytes.ts";
import { FigureManifest } from "../notebook/figure-manifest.ts";

/** Name of the manifest in a notebook's folder of figures. */
export const MANIFEST = "manifest.json";

/** Reads the manifest of a notebook's folder of figures; an InputError where it does not fit. */
export async function readManifest(folder: string): Promise<FigureManifest> {
  const path = join(folder, MANIFEST);
  const text = new TextDecoder().decode(await readBytes(path));
  return parseWith(FigureManifest, parseJson(text, path), path);
}
