import { InputError } from "../../../errors/input-error.ts";

/** Bytes of a line at most: a longer one is no table, and would fill the memory. */
export const LONGEST_LINE = 64 * 2 ** 20;

const LF = 10;
const CR = 13;

/** Gets whole lines: `bytes[start]` is the first byte of a line, `bytes[end - 1]` a line end. */
export type TakeBlock = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Cuts chunks of a file into blocks of whole lines, each ended by LF, CR or CR LF; the last one gets
 * an end where it has none. Byte order marks at the start are left out. Throws an InputError for a
 * line above {@link LONGEST_LINE}.
 */
export class LineBlocks {
  #rest = new Uint8Array(1024);
  #length = 0;
  #started = false;

  /**
   * @param source path or name of the file, for errors
   * @param linesTaken how many lines `take` has seen, for errors
   */
  constructor(
    private readonly source: string,
    private readonly take: TakeBlock,
    private readonly linesTaken?: () => number,
  ) {}

  push(chunk: Uint8Array): void {
    let end = chunk.length;
    // An LF may follow a CR that ends the chunk.
    if (chunk[end - 1] === CR) end--;
    while (end > 0 && chunk[end - 1] !== LF && chunk[end - 1] !== CR) end--;
    if (end === 0) return this.#keep(chunk);
    let start = 0;
    if (this.#length > 0) {
      // An LF at the chunk's start may belong to a CR that was kept.
      start = this.#rest[this.#length - 1] === CR && chunk[0] !== LF ? 0 : lineEnd(chunk, 0, end);
      this.#keep(chunk.subarray(0, start));
      const length = this.#length;
      this.#length = 0;
      this.#emit(this.#rest, 0, length);
    }
    if (start < end) this.#emit(chunk, start, end);
    this.#keep(chunk.subarray(end));
  }

  end(): void {
    if (this.#length === 0) return;
    const last = this.#rest[this.#length - 1];
    if (last !== CR && last !== LF) this.#keep(new Uint8Array([LF]));
    this.#emit(this.#rest, 0, this.#length);
    this.#length = 0;
  }

  #keep(part: Uint8Array): void {
    const length = this.#length + part.length;
    if (length > LONGEST_LINE) {
      const row = this.linesTaken && { row: this.linesTaken() + 1 };
      const expected = `lines of at most ${LONGEST_LINE} bytes`;
      throw new InputError({ file: this.source, ...row, expected });
    }
    if (length > this.#rest.length) {
      const wider = new Uint8Array(Math.min(2 * length, LONGEST_LINE));
      wider.set(this.#rest.subarray(0, this.#length));
      this.#rest = wider;
    }
    this.#rest.set(part, this.#length);
    this.#length = length;
  }

  #emit(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    if (!this.#started) {
      // Tools that add a mark to a text that has one leave two.
      while (bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) {
        from += 3;
      }
      this.#started = true;
    }
    if (from < end) this.take(bytes, from, end);
  }
}

/** First byte after the line of `bytes` that begins at `start`, its line end included. */
export function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== LF && bytes[at] !== CR) at++;
  if (at < end && bytes[at] === CR && bytes[at + 1] === LF) at++;
  return Math.min(at + 1, end);
}
