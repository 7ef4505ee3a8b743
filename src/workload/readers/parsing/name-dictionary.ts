import type { Cell } from "./cell.ts";

const decoder = new TextDecoder();

/**
 * Places of the table that are looked at for a name. Where names are made to meet in one, the map of
 * strings, which cannot be tricked so, finds them.
 */
const MOST_PROBES = 32;

/** Distinct names of a text column by code, found by their ASCII bytes without making a string. */
export class NameDictionary {
  readonly names: string[] = [];
  readonly #codeOf = new Map<string, number>();
  /** Open addressing: code + 1 of the name whose hash leads here, or 0. Length a power of two. */
  #table = new Int32Array(64);
  #hashes = new Int32Array(32);
  /** Where each name's bytes begin in the pool; one entry more than names. */
  #starts = new Int32Array(33);
  #pool = new Uint8Array(1024);

  /** Code of a name, new where it is the first time. */
  codeOf(name: string): number {
    return this.#codeOf.get(name) ?? this.#add(name);
  }

  /**
   * Code of the name whose bytes, all ASCII, are `bytes[start]` to `bytes[end - 1]`. A new one has
   * to be accepted by the cell; -1 where it is not.
   *
   * @param hash {@link nextHash} over the bytes from 0
   */
  codeOfBytes(
    bytes: Uint8Array,
    { start, end, hash, cell }: { start: number; end: number; hash: number; cell: Cell },
  ): number {
    const mask = this.#table.length - 1;
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const code = this.#table[(hash + probe) & mask] - 1;
      if (code < 0) break;
      if (this.#hashes[code] === hash && this.#equals(code, bytes, start, end)) return code;
    }
    const name = decoder.decode(bytes.subarray(start, end));
    return cell.parse(name) === undefined ? -1 : this.codeOf(name);
  }

  #equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[code];
    if (this.#starts[code + 1] - from !== end - start) return false;
    for (let i = start; i < end; i++) if (bytes[i] !== this.#pool[from + i - start]) return false;
    return true;
  }

  #add(name: string): number {
    const code = this.names.push(name) - 1;
    this.#codeOf.set(name, code);
    if (2 * (code + 1) > this.#hashes.length) this.#widen();
    const from = this.#starts[code];
    while (from + name.length > this.#pool.length) this.#pool = wider(this.#pool);
    let hash = 0;
    for (let i = 0; i < name.length; i++) {
      const byte = name.charCodeAt(i);
      // Other characters are never looked up by bytes: any bytes that are no ASCII will do for them.
      this.#pool[from + i] = byte < 0x80 ? byte : 0xff;
      hash = nextHash(hash, byte);
    }
    this.#starts[code + 1] = from + name.length;
    this.#hashes[code] = hash;
    this.#place(code);
    return code;
  }

  #place(code: number): void {
    const mask = this.#table.length - 1;
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const at = (this.#hashes[code] + probe) & mask;
      if (this.#table[at] !== 0) continue;
      this.#table[at] = code + 1;
      return;
    }
  }

  #widen(): void {
    const before = this.names.length - 1;
    this.#hashes = wider(this.#hashes);
    this.#starts = wider(this.#starts);
    this.#table = new Int32Array(2 * this.#table.length);
    for (let code = 0; code < before; code++) this.#place(code);
  }
}

/** Hash of some bytes and one more. */
export function nextHash(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

function wider<T extends Uint8Array | Int32Array>(array: T): T {
  const copy = new (array.constructor as new (length: number) => T)(2 * array.length);
  copy.set(array);
  return copy;
}
