import { causeInWords } from "./environment-error.ts";
import { InputError } from "../errors/input-error.ts";

/** Bytes of a file. Throws an InputError that names the path where it cannot be read. */
export async function readBytes(path: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : causeInWords(error);
    throw new InputError({ file: nameOf(path), expected: `a file that can be read: ${why}` });
  }
}

function nameOf(path: string | URL): string {
  return path instanceof URL && path.protocol === "file:" ? decodeURI(path.pathname) : String(path);
}
