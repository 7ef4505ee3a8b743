import { join } from "node:path";
import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import { readBytes } from "../files/read-bytes.ts";
import { FigureManifest } from "./figure-manifest.ts";

/** Name of the manifest in a notebook's folder of figures. */
export const MANIFEST = "manifest.json";

/** Reads the manifest of a notebook's folder of figures; an InputError where it does not fit. */
export async function readManifest(folder: string): Promise<FigureManifest> {
  const path = join(folder, MANIFEST);
  const text = new TextDecoder().decode(await readBytes(path));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError({ file: path, expected: `JSON: ${(error as Error).message}` });
  }
  return parseWith(FigureManifest, json, path);
}
