/** Packed bytes behind a boundary that are tried out: random ones inflate for no more than a few hundred. */
const PROBE = 1 << 15;

/** Of a member's header: the magic bytes, the one method there is, flags. */
const HEADER = 4;

/**
 * Unpacks gzip of one or several members, as `cat a.gz b.gz` and bgzip write it. Throws what
 * `DecompressionStream` throws for data that is damaged, cut off, or followed by anything else.
 *
 * `DecompressionStream` refuses bytes after a member's end and does not say where that is. So members are
 * told apart by what they begin with: bytes that look like a header, behind which something follows that
 * can be unpacked. Should packed data ever look like that by chance, its member ends too early and
 * fails its checksum: nothing is read wrongly in silence.
 */
export async function* gunzipMembers(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const input = new Lookahead(chunks);
  try {
    do {
      yield* streamOf(member(input)).pipeThrough(new DecompressionStream("gzip"));
    } while (await input.holds(1));
  } finally {
    await input.close();
  }
}

/** Packed bytes up to where the next member begins. */
async function* member(input: Lookahead): AsyncGenerator<Uint8Array> {
  // Its own beginning is no boundary.
  let from = 1;
  for (;;) {
    const next = headerIn(input.held, from);
    if (next < 0) {
      // The end may be the first bytes of a header.
      const through = input.held.length - HEADER + 1;
      if (through > 0) {
        yield input.take(through);
        from = Math.max(0, from - through);
      }
      if (await input.holds(input.held.length + 1)) continue;
      yield input.take(input.held.length);
      return;
    }
    await input.holds(next + PROBE);
    const after = headerIn(input.held, next + 1);
    const end = Math.min(after < 0 ? input.held.length : after, next + PROBE);
    if (await isUnpackable(input.held.subarray(next, end))) {
      yield input.take(next);
      return;
    }
    from = next + 1;
  }
}

/** Index of the first bytes at or after `from` that look like a member's header; −1: none. */
function headerIn(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x1f, from); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
    // The upper three flags are reserved.
    if (bytes[at + 1] === 0x8b && bytes[at + 2] === 8 && bytes[at + 3] < 0x20) return at;
  }
  return -1;
}

/** Whether bytes are gzip from the beginning; they may break off. */
async function isUnpackable(bytes: Uint8Array): Promise<boolean> {
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  const read = readable.pipeTo(new WritableStream()).catch(() => {});
  try {
    await writer.write(bytes as Uint8Array<ArrayBuffer>);
    return true;
  } catch {
    return false;
  } finally {
    await writer.abort().catch(() => {});
    await read;
  }
}

/** Chunks as one run of bytes, of which the first are held. */
class Lookahead {
  held: Uint8Array = new Uint8Array();
  readonly #iterator: AsyncIterator<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** Reads until `size` bytes are held. False: there are fewer. */
  async holds(size: number): Promise<boolean> {
    while (this.held.length < size) {
      const next = await this.#iterator.next();
      if (next.done) return false;
      this.held = this.held.length === 0 ? next.value : joined(this.held, next.value);
    }
    return true;
  }

  /** The first `size` held bytes, which are held no longer. */
  take(size: number): Uint8Array {
    const taken = this.held.subarray(0, size);
    this.held = this.held.subarray(size);
    return taken;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

/** `ReadableStream.from`, which not every browser has. */
function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

export function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
