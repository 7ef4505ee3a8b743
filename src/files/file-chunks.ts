import { fileURLToPath } from "node:url";
import { causeInWords } from "./environment-error.ts";
import { InputError } from "../errors/input-error.ts";
import { type OpenInput, openInput } from "./open-input.ts";
import { isStandardInput } from "./standard-input.ts";

/** Bytes of a read. */
const CHUNK_BYTES = 2 ** 18;

/**
 * Opens a file, a named pipe or standard input (`-`) to be read in chunks; it is closed when they end or are given up. Throws an InputError
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
    if (!isStandardInput(path) && (await Deno.stat(path)).isDirectory) {
      throw new Error("it is a folder");
    }
    return readableOf(await openInput(path, { name }));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : causeInWords(error);
    throw new InputError({ file: name, expected: `a file that can be read: ${why}` });
  }
}

function readableOf(input: OpenInput): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const chunk = new Uint8Array(CHUNK_BYTES);
        const length = await input.read(chunk);
        if (length !== null) return controller.enqueue(chunk.subarray(0, length));
        input.close();
        controller.close();
      } catch (error) {
        input.close();
        throw error;
      }
    },
    cancel: () => input.close(),
  });
}
