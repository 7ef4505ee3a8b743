import { sha256 } from "../../src/files/sha256.ts";
import type { Input } from "./surface.ts";

const FOLDER = new URL("./corpus/", import.meta.url);

/** Inputs that once broke a surface's promise, or are worth keeping: replayed first in every run. */
export async function corpusOf(surface: string): Promise<(Input & { readonly file: string })[]> {
  const folder = new URL(`${surface}/`, FOLDER);
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return await Promise.all(names.map(async (file) => ({
    file,
    kind: decodeURIComponent(file.replace(/~[0-9a-f]+\.bin$/, "")),
    bytes: await Deno.readFile(new URL(encodeURIComponent(file), folder)),
  })));
}

/** Keeps an input: one file, named by its kind and a hash. Returns its path. */
export async function keepInput(surface: string, { kind, bytes }: Input): Promise<string> {
  const folder = new URL(`${surface}/`, FOLDER);
  await Deno.mkdir(folder, { recursive: true });
  const name = `${encodeURIComponent(kind)}~${(await sha256(bytes.slice())).slice(0, 10)}.bin`;
  const file = new URL(encodeURIComponent(name), folder);
  await Deno.writeFile(file, bytes);
  return `test/fuzz/corpus/${surface}/${name}`;
}
