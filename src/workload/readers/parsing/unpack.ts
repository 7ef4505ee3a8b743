import { concatenated } from "../../../collections/concatenated.ts";
import { ByteSource } from "./byte-source.ts";
import { gunzipMembers } from "./gunzip-members.ts";
import { packingOf } from "./packing.ts";
import { unzstdFrames } from "./unzstd-frames.ts";
import { MOST_DOCUMENT } from "./whole-reader.ts";

/** Up to here a packed file may unpack to anything: memory has room for it. */
const RATIO_FROM = 2 ** 28;
/** Times its packed size, at most, from there on. */
const MOST_RATIO = 1000;

/** Options of {@link unpacked}. */
export interface UnpackOptions {
  /** Bytes above which a file is refused, packed or not. @default no limit */
  readonly mostBytes?: number;
}

/**
 * Chunks of a file as they are, or unpacked where its first bytes are those of gzip or zstd: then at
 * most 128 KiB at a time, each before the next is made, so that whoever reads can stop at any.
 *
 * Throws an InputError for packed data that is damaged or cut off, and for a file of a few bytes that
 * unpacks to no end: more than 256 MiB and more than 1000 times its packed size. Logs and traces
 * pack to a tenth or, where rows are much alike, to a hundredth.
 *
 * @param source path or name of the file, for errors
 */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  { mostBytes = Infinity }: UnpackOptions = {},
): AsyncGenerator<Uint8Array> {
  const input = new ByteSource(chunks, source);
  try {
    const packing = packingOf(await input.peek(4));
    const parts = packing === undefined
      ? chunksOf(input)
      : packing === "gzip"
      ? gunzipMembers(input)
      : unzstdFrames(input, mostBytes);
    let bytes = 0;
    for await (const part of parts) {
      bytes += part.length;
      if (bytes > mostBytes) {
        const when = packing === undefined ? "" : " when unpacked";
        throw input.error(`at most ${mostBytes} bytes${when}`);
      }
      if (packing !== undefined && bytes > Math.max(RATIO_FROM, MOST_RATIO * input.read)) {
        throw input.error(
          `a file that unpacks to at most ${MOST_RATIO} times its size: ${bytes} bytes came out of ` +
            `${input.read}. If that is right, unpack it first: ${packing} -d`,
        );
      }
      yield part;
    }
  } finally {
    await input.close();
  }
}

/**
 * All of a file, see {@link unpacked}.
 *
 * @param options `mostBytes` is 500 MB where it is not given
 */
export async function unpackedWhole(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  { mostBytes = MOST_DOCUMENT }: UnpackOptions = {},
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of unpacked(chunks, source, { mostBytes })) parts.push(part);
  return concatenated(parts);
}

async function* chunksOf(input: ByteSource): AsyncGenerator<Uint8Array> {
  for (let chunk = await input.takeChunk(); chunk; chunk = await input.takeChunk()) yield chunk;
}
