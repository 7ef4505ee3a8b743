import { fileURLToPath } from "node:url";
import { unpackedWhole } from "../workload/readers/parsing/unpack.ts";
import { fileChunks } from "./file-chunks.ts";

/**
 * Bytes of a file, unpacked where it is gzip or zstd by its first bytes. Throws an InputError where it
 * cannot be read, is damaged, or has more than 500 MB when unpacked.
 *
 * @param name what the file is called in errors
 * @default path
 *
 * @example
 * const bytes = await readUnpacked("conv_1week.csv.gz");
 */
export async function readUnpacked(
  path: string | URL,
  name: string = path instanceof URL ? fileURLToPath(path) : path,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await unpackedWhole(await fileChunks(path, name), name);
  // Nothing of a file is in shared memory.
  return bytes as Uint8Array<ArrayBuffer>;
}
