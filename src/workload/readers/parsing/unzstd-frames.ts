import { Decompress } from "fzstd";
import xxhash, { type XXHashAPI } from "xxhash-wasm";
import type { ByteSource } from "./byte-source.ts";
import { isSkippable } from "./packing.ts";

/** Bytes of a window at most: what the zstd tool takes without being told to. */
const MOST_WINDOW = 2 ** 27;
/** Bytes that a block unpacks to at most, by the format. */
const MOST_BLOCK = 2 ** 17;

/** Bytes of windows that may be moved for anything: a second or two. */
const WORK_FROM = 2 ** 34;
/** Times the bytes that come out, from there on: a full block moves a window of 128 MiB at 1024 times. */
const MOST_WORK = 2048;

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const CHECKSUM_FLAG = 4;
// Types of blocks; 0 is one as it is, 3 is none.
const REPEATED = 1;
const COMPRESSED = 2;

/** What the beginning of a frame says, RFC 8878, 3.1.1.1. */
interface FrameHeader {
  readonly bytes: Uint8Array;
  readonly window: number;
  /** Bytes when unpacked; undefined where it does not say. */
  readonly size: number | undefined;
  readonly hasChecksum: boolean;
}

/**
 * Unpacks zstd of one or several frames, a block of up to 128 KiB at a time. Skippable frames are
 * left out.
 *
 * The library unpacks blocks. Frames (RFC 8878, 3.1.1) are taken apart here, because it takes any
 * window and any length, and checks neither the content's length nor its checksum: of a hundred
 * flipped bits 96 pass it. Here both are checked where a frame has them, as the zstd tool writes them.
 * Decoders in WebAssembly that check them are no way out: zstddec 0.3.4 goes on for ever behind a
 * damaged block, and the others unpack whole files.
 *
 * The library moves a whole window for each block: behind one of 128 MiB (`--long`) it is some thirty
 * times slower.
 *
 * Throws an InputError for what is damaged, cut off, or followed by anything else, for small blocks
 * behind large windows, which would take hours, for a window above 128 MiB, for a frame that needs a dictionary, and for one that says that it is longer than
 * `mostBytes`.
 */
export async function* unzstdFrames(
  input: ByteSource,
  mostBytes: number,
): AsyncGenerator<Uint8Array> {
  const hashes = await xxhash();
  const work: Work = { moved: 0, made: 0 };
  for (let frames = 0;; frames++) {
    const start = await input.peek(4);
    if (start.length === 0 && frames > 0) return;
    if (isSkippable(start)) {
      const length = littleEndian(await whole(input, 8), 4, 4);
      if (!await input.skip(length)) throw cutOff(input);
    } else if (MAGIC.every((byte, at) => at >= start.length || start[at] === byte)) {
      yield* contentOf(await frameHeader(input, mostBytes), input, { hashes, work });
    } else {
      throw input.error("zstd and nothing else: more follows its end");
    }
  }
}

async function frameHeader(input: ByteSource, mostBytes: number): Promise<FrameHeader> {
  const flags = (await input.peek(MAGIC.length + 1))[MAGIC.length];
  const isSingle = (flags & 0x20) !== 0;
  const windowBytes = isSingle ? 0 : 1;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3];
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6];
  const fields = MAGIC.length + 1;
  const bytes = await whole(input, fields + windowBytes + dictionaryBytes + sizeBytes);
  if ((flags & 8) !== 0) throw damaged(input, "a reserved bit is set");

  const dictionary = littleEndian(bytes, fields + windowBytes, dictionaryBytes);
  if (dictionary !== 0) {
    throw input.error(
      `zstd without a dictionary: this needs number ${dictionary}. Unpack it first: zstd -d -D DICTIONARY`,
    );
  }
  const size = sizeBytes === 0
    ? undefined
    : littleEndian(bytes, bytes.length - sizeBytes, sizeBytes) +
      (sizeBytes === 2 ? 256 : 0);
  const base = 2 ** (10 + (bytes[fields] >> 3));
  const window = isSingle ? size! : base + (base / 8) * (bytes[fields] & 7);
  if (window > MOST_WINDOW) {
    throw input.error(
      `zstd with a window of at most ${MOST_WINDOW} bytes: this one's is ${window} (--long or ` +
        `--ultra). Unpack it first: zstd -d --long=31`,
    );
  }
  if (size !== undefined && size > mostBytes) {
    throw input.error(`at most ${mostBytes} bytes when unpacked: a frame has ${size}`);
  }
  return { bytes, window, size, hasChecksum: (flags & CHECKSUM_FLAG) !== 0 };
}

/** What unpacking took so far: bytes of windows that were moved, and bytes that came out. */
interface Work {
  moved: number;
  made: number;
}

/** The content of the frame whose blocks follow. */
async function* contentOf(
  { bytes, window, size, hasChecksum }: FrameHeader,
  input: ByteSource,
  { hashes, work }: { readonly hashes: XXHashAPI; readonly work: Work },
): AsyncGenerator<Uint8Array> {
  const mostBlock = Math.min(window, MOST_BLOCK);
  const hash = hasChecksum ? hashes.create64() : undefined;
  let parts: Uint8Array[] = [];
  // Made for the first block with content: it takes the room of a window.
  let stream: Decompress | undefined;
  let length = 0;
  for (let isLast = false; !isLast;) {
    const start = await input.peek(3);
    if (start.length < 3) throw cutOff(input);
    const head = littleEndian(start, 0, 3);
    isLast = (head & 1) !== 0;
    const type = head >> 1 & 3;
    const blockSize = head >> 3;
    if (type > COMPRESSED || blockSize > mostBlock || type === COMPRESSED && blockSize < 2) {
      throw damaged(input, "a block that cannot be");
    }
    const block = await whole(input, 3 + (type === REPEATED ? 1 : blockSize));
    if (stream === undefined) {
      if (type !== COMPRESSED && blockSize === 0) continue;
      stream = new Decompress((part) => parts.push(part));
      stream.push(withoutChecksum(bytes));
    }
    try {
      stream.push(block, isLast);
    } catch (error) {
      throw damaged(input, error instanceof Error ? error.message : String(error));
    }
    work.moved += window;
    if (work.moved > Math.max(WORK_FROM, MOST_WORK * work.made)) {
      throw input.error(
        `zstd whose blocks are worth their window of ${window} bytes: they hold next to nothing. ` +
          "Unpack it first: zstd -d --long=31",
      );
    }
    for (const part of parts) {
      length += part.length;
      work.made += part.length;
      hash?.update(part);
      if (length > (size ?? Infinity)) throw damaged(input, `more than the ${size} bytes it says`);
      if (part.length > 0) yield part;
    }
    parts = [];
  }
  if (length !== (size ?? length)) {
    throw damaged(input, `${length} bytes and not the ${size} that it says`);
  }
  if (hash === undefined) return;
  const checksum = littleEndian(await whole(input, 4), 0, 4);
  if (Number(hash.digest() & 0xffffffffn) !== checksum) {
    throw damaged(input, "its checksum differs");
  }
}

/** The library skips a checksum, which it would miss at the end of what it is given. */
function withoutChecksum(header: Uint8Array): Uint8Array {
  return header.with(MAGIC.length, header[MAGIC.length] & ~CHECKSUM_FLAG);
}

async function whole(input: ByteSource, size: number): Promise<Uint8Array> {
  const bytes = await input.take(size);
  if (bytes.length < size) throw cutOff(input);
  return bytes;
}

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
  return value;
}

function cutOff(input: ByteSource) {
  return input.error(`whole, intact zstd: it is cut off after ${input.read} bytes`);
}

function damaged(input: ByteSource, why: string) {
  return input.error(`whole, intact zstd: near byte ${input.taken}, ${why}`);
}
