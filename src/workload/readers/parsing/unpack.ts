import { Decompress } from "fzstd";
import { InputError } from "../../../errors/input-error.ts";
import { gunzipMembers, joined } from "./gunzip-members.ts";

/** How a file is packed, by its first bytes; undefined: not at all. */
export function packingOf(bytes: Uint8Array): "gzip" | "zstd" | undefined {
  const starts = (...magic: number[]) => magic.every((byte, at) => bytes[at] === byte);
  if (starts(0x1f, 0x8b)) return "gzip";
  // A skippable frame may come first; its last half byte is free.
  const skippable = bytes[0] >> 4 === 5 && [0x2a, 0x4d, 0x18].every((b, i) => bytes[i + 1] === b);
  return starts(0x28, 0xb5, 0x2f, 0xfd) || skippable ? "zstd" : undefined;
}

/**
 * Chunks of a file as they are, or unpacked where its first bytes are those of gzip or zstd. Throws
 * an InputError for packed data that is cut off or damaged.
 *
 * @param source path or name of the file, for errors
 */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    let first: Uint8Array = new Uint8Array();
    while (first.length < 4) {
      const next = await iterator.next();
      if (next.done) break;
      first = first.length === 0 ? next.value : joined(first, next.value);
    }
    const all = (async function* () {
      yield first;
      yield* { [Symbol.asyncIterator]: () => iterator };
    })();
    const packing = packingOf(first);
    if (packing === undefined) yield* all;
    else yield* unpackedAs(packing, all, source);
  } finally {
    await iterator.return?.();
  }
}

async function* unpackedAs(
  packing: "gzip" | "zstd",
  chunks: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* packing === "gzip" ? gunzipMembers(chunks) : unzstd(chunks);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const expected = /whole buffer|trailing|junk/i.test(why)
      ? `${packing} and nothing else: more follows its end`
      : `whole, intact ${packing}: ${why}`;
    throw new InputError({ file: source, expected });
  }
}

async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  const stream = new Decompress((chunk) => void out.push(chunk));
  for await (const chunk of chunks) {
    stream.push(chunk);
    yield* out;
    out = [];
  }
  stream.push(new Uint8Array(), true);
  yield* out;
}
