import { readUnpacked } from "./read-unpacked.ts";

/** Folder of the bundled data. */
export const DATA_FOLDER = new URL("../../data/", import.meta.url);

/**
 * Bytes of a bundled file, unpacked where it is packed. Found relative to this module, whatever the
 * working directory. Throws an InputError where there is no such file.
 *
 * @param name path below `data/`
 *
 * @example
 * const bytes = await readBundled("vtc_arena/vtc_real_trace_27clients.csv");
 */
export function readBundled(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return readUnpacked(new URL(name, DATA_FOLDER), `data/${name}`);
}
