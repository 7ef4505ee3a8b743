import { concatenated } from "../../../collections/concatenated.ts";
import { InputError } from "../../../errors/input-error.ts";

/** Chunks of a file as one run of bytes, of which any number can be taken at a time. */
export class ByteSource {
  /** Bytes that came so far. */
  read = 0;
  #held: Uint8Array = new Uint8Array();
  readonly #chunks: AsyncIterator<Uint8Array>;

  /** @param file path or name of the file, for errors */
  constructor(chunks: AsyncIterable<Uint8Array>, readonly file: string) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes were taken. */
  get taken(): number {
    return this.read - this.#held.length;
  }

  /** The next `size` bytes, which stay; fewer where the file ends. */
  async peek(size: number): Promise<Uint8Array> {
    if (this.#held.length < size) await this.#hold(size);
    return this.#held.subarray(0, size);
  }

  /** Takes the next `size` bytes; fewer where the file ends. */
  async take(size: number): Promise<Uint8Array> {
    if (this.#held.length < size) await this.#hold(size);
    const taken = this.#held.subarray(0, size);
    this.#held = this.#held.subarray(size);
    return taken;
  }

  /** Takes as many bytes as there are without waiting, at least one; undefined at the end. */
  async takeChunk(): Promise<Uint8Array | undefined> {
    if (this.#held.length === 0) await this.#hold(1);
    const taken = this.#held;
    this.#held = new Uint8Array();
    return taken.length > 0 ? taken : undefined;
  }

  /** Takes `size` bytes that nobody wants; false where the file ends before. */
  async skip(size: number): Promise<boolean> {
    let left = size;
    while (left > 0) {
      if (this.#held.length === 0) await this.#hold(1);
      if (this.#held.length === 0) return false;
      const skipped = Math.min(left, this.#held.length);
      this.#held = this.#held.subarray(skipped);
      left -= skipped;
    }
    return true;
  }

  /** An error that names the file. */
  error(expected: string): InputError {
    return new InputError({ file: this.file, expected });
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #hold(size: number): Promise<void> {
    const parts = [this.#held];
    for (let length = this.#held.length; length < size;) {
      const next = await this.#chunks.next();
      if (next.done) break;
      this.read += next.value.length;
      length += next.value.length;
      if (next.value.length > 0) parts.push(next.value);
    }
    this.#held = concatenated(parts.filter(({ length }) => length > 0));
  }
}
