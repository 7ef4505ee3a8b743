import { gunzip } from "./gunzip.ts";
import { readBytes } from "./read-bytes.ts";

/** Folder of the bundled data. */
export const DATA_FOLDER = new URL("../../data/", import.meta.url);

/**
 * Bytes of a bundled file, unpacked where its name ends in `.gz`. Found relative to this module,
 * whatever the working directory. Throws an InputError where there is no such file.
 *
 * @param name path below `data/`
 *
 * @example
 * const bytes = await readBundled("vtc_arena/vtc_real_trace_27clients.csv");
 */
export async function readBundled(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBytes(new URL(name, DATA_FOLDER));
  return name.endsWith(".gz") ? await gunzip(bytes, `data/${name}`) : bytes;
}
