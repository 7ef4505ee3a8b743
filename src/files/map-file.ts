import { fileURLToPath } from "node:url";
import { causeInWords } from "./environment-error.ts";
import { InputError } from "../errors/input-error.ts";
import { parseJson } from "../errors/parse-json.ts";
import { decodeText } from "../workload/readers/parsing/decode-text.ts";
import type { ColumnMap } from "../workload/readers/map/column-map.ts";

/** A map as `readTrace` takes it, and where it is from. */
export interface LoadedMap {
  readonly map: string | ColumnMap;
  /** Name of its file, for messages; absent: it is from none. */
  readonly mapFile?: string;
}

/**
 * Whether a text is the name of a file with a map: neither a map itself, which has an equals sign, nor the
 * word `guess`.
 */
export function isMapFile(map: string): boolean {
  return !map.includes("=") && map !== "guess";
}

/**
 * A column map that may live in a file: a JSON object of target to `column:unit`. A text with an equals
 * sign is a map itself, and so is an object. Throws an InputError where there is no such file, or no JSON
 * in it.
 */
export async function loadMap(map: string | URL | ColumnMap): Promise<LoadedMap> {
  if (!(map instanceof URL) && (typeof map !== "string" || !isMapFile(map))) return { map };
  const mapFile = map instanceof URL ? fileURLToPath(map) : map;
  const text = decodeText(await bytesOf(mapFile), mapFile);
  return { map: parseJson(text, mapFile, "a column map in JSON") as ColumnMap, mapFile };
}

async function bytesOf(mapFile: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(mapFile);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : causeInWords(error);
    throw new InputError({
      file: "--map",
      value: mapFile,
      expected:
        "a map, such as arrival=ts_ms:ms,prompt=column,output=column, a JSON file with one, " +
        `or guess: ${why}`,
    });
  }
}
