import { unpacked, type UnpackOptions } from "../../../../src/workload/readers/parsing/unpack.ts";

const FIXTURES = new URL("../../../fixtures/packed/", import.meta.url);

/** A file that a real tool packed, or what is in all of them, `rows.csv`. */
export function fixture(name: string): Promise<Uint8Array> {
  return Deno.readFile(new URL(name, FIXTURES));
}

/** Bytes in chunks of `size`. */
export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Some bytes one after another. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** All that `bytes` unpack to, read in chunks of `size`. */
export async function unpack(
  bytes: Uint8Array,
  size = 1 << 16,
  options: UnpackOptions = {},
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of unpacked(inChunks(bytes, size), "log", options)) parts.push(part);
  return Uint8Array.from(Buffer.concat(parts));
}

/** Little-endian bytes of a whole number. */
export function littleEndian(value: number, length: number): number[] {
  return Array.from({ length }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

/** One block of a zstd frame as RFC 8878 has it: `raw` bytes, or one byte `size` times. */
export function zstdBlock(
  content: { readonly raw: Uint8Array } | { readonly byte: number; readonly size: number },
  isLast: boolean,
): Uint8Array {
  const [type, size, body] = "raw" in content
    ? [0, content.raw.length, [...content.raw]]
    : [1, content.size, [content.byte]];
  return Uint8Array.from([...littleEndian((isLast ? 1 : 0) + 2 * type + 8 * size, 3), ...body]);
}

/** The beginning of a zstd frame without a checksum and a length: a window of 2^`windowLog` bytes. */
export function zstdHeader(windowLog: number): Uint8Array {
  return Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3);
}

/** `start`, and `byte` `blocks` × 128 KiB times behind it, in four bytes a block. */
export function zstdBomb(start: string, byte: string, blocks: number): Uint8Array {
  const repeated = { byte: byte.charCodeAt(0), size: 2 ** 17 };
  const block = zstdBlock(repeated, false);
  const head = joined(
    zstdHeader(17),
    zstdBlock({ raw: new TextEncoder().encode(start) }, false),
  );
  const bomb = new Uint8Array(head.length + blocks * block.length);
  bomb.set(head);
  for (let i = 0; i < blocks; i++) bomb.set(block, head.length + i * block.length);
  bomb.set(zstdBlock(repeated, true), bomb.length - block.length);
  return bomb;
}
