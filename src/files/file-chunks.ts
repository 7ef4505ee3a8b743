import { fileURLToPath } from "node:url";
import { causeInWords } from "../errors/environment-error.ts";
import { InputError } from "../errors/input-error.ts";

/**
 * Opens a file to be read in chunks; it is closed when they end or are given up. Throws an InputError
 * where it cannot be read.
 *
 * @param name what the file is called in errors
 * @default path
 */
export async function fileChunks(
  path: string | URL,
  name: string = path instanceof URL ? fileURLToPath(path) : path,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  try {
    const file = await Deno.open(path);
    if (!(await file.stat()).isDirectory) return file.readable;
    file.close();
    throw new Error("it is a folder");
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : causeInWords(error);
    throw new InputError({ file: name, expected: `a file that can be read: ${why}` });
  }
}
