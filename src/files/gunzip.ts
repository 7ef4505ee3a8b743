import { InputError } from "../errors/input-error.ts";

/** Options of {@link gunzip}. */
export interface GunzipOptions {
  /**
   * Unpacked bytes above which the file is refused: a few kilobytes can unpack to more than memory.
   *
   * @default 2 GiB
   */
  readonly limitBytes?: number;
}

/**
 * Unpacks gzip. Throws an InputError for bytes that are no gzip, are cut off or fail their checksum.
 *
 * @param source path or name of the file, for errors
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  source: string,
  { limitBytes = 2 ** 31 }: GunzipOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (
      const chunk of new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))
    ) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limitBytes) break;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file: source, expected: `whole, intact gzip: ${why}` });
  }
  if (size > limitBytes) {
    throw new InputError({ file: source, expected: `at most ${limitBytes} bytes when unpacked` });
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
