import type { Labels, Ragged } from "../../workload.ts";

/** Values of a chunk at most; a column grows by chunks, so that nothing is copied until the end. */
const LARGEST_CHUNK = 65_536;
const FIRST_CHUNK = 64;

type Numbers = Uint8Array | Uint16Array | Int32Array | Float64Array;
type Make<T> = new (length: number) => T;

/** A column of unknown length, as chunks. */
class Builder<T extends Numbers> {
  #full: T[] = [];
  #chunk: T;
  #at = 0;
  #before = 0;

  constructor(private readonly make: Make<T>) {
    this.#chunk = new make(FIRST_CHUNK);
  }

  get length(): number {
    return this.#before + this.#at;
  }

  push(value: number): void {
    if (this.#at === this.#chunk.length) this.#grow();
    this.#chunk[this.#at++] = value;
  }

  #grow(): void {
    this.#full.push(this.#chunk);
    this.#before += this.#at;
    this.#chunk = new this.make(Math.min(2 * this.#chunk.length, LARGEST_CHUNK));
    this.#at = 0;
  }

  /** The column; the builder is empty then. */
  finish(): T {
    return this.finishAs(this.make);
  }

  /** The column in another type, which must hold its values. */
  finishAs<U extends Numbers>(make: Make<U>): U {
    const column = new make(this.length);
    let at = 0;
    for (const chunk of this.#full) {
      column.set(chunk, at);
      at += chunk.length;
      // Gives the memory back now: a garbage collector that is not pressed would keep both.
      (chunk.buffer as ArrayBuffer).transfer(0);
    }
    column.set(this.#chunk.subarray(0, this.#at) as T, at);
    this.#full = [];
    this.#chunk = new this.make(FIRST_CHUNK);
    this.#at = this.#before = 0;
    return column;
  }
}

/** A column of integers from 0 to 255 that grows. */
export class Uint8Builder extends Builder<Uint8Array> {
  constructor() {
    super(Uint8Array);
  }
}

/** A column of doubles that grows. */
export class Float64Builder extends Builder<Float64Array> {
  constructor() {
    super(Float64Array);
  }
}

/** A column of integers that grows. */
export class Int32Builder extends Builder<Int32Array> {
  constructor() {
    super(Int32Array);
  }
}

/** Lists of integers that grow, one a row. */
export class RaggedBuilder {
  readonly #offsets = new Int32Builder();
  readonly #values = new Int32Builder();

  constructor() {
    this.#offsets.push(0);
  }

  /** Adds one row. */
  push(list: readonly number[]): void {
    for (const value of list) this.#values.push(value);
    this.#offsets.push(this.#values.length);
  }

  /** The lists; the builder is of no further use. */
  finish(): Ragged {
    return { offsets: this.#offsets.finish(), values: this.#values.finish() };
  }
}

/** A label column that grows: names get codes in the order of their first appearance. */
export class LabelBuilder {
  readonly #codeOf = new Map<string, number>();
  /** Own code of each code of another dictionary, plus 1; 0: none yet. */
  #ownCode = new Int32Array(64);
  readonly #small = new Builder(Uint8Array);
  #wide: Int32Builder | undefined;

  /** Rows so far. */
  get length(): number {
    return this.#small.length + (this.#wide?.length ?? 0);
  }

  /** Adds one row. */
  push(name: string): void {
    this.#push(this.#code(name));
  }

  /**
   * Adds one row by its code in another dictionary, always the same one. Only names that are pushed
   * become names of the column.
   */
  pushCode(code: number, names: readonly string[]): void {
    if (code >= this.#ownCode.length) this.#widen(code);
    let own = this.#ownCode[code];
    if (own === 0) this.#ownCode[code] = own = this.#code(names[code]) + 1;
    this.#push(own - 1);
  }

  #code(name: string): number {
    let code = this.#codeOf.get(name);
    if (code === undefined) this.#codeOf.set(name, code = this.#codeOf.size);
    return code;
  }

  #push(code: number): void {
    if (this.#wide === undefined && code < 0x100) return this.#small.push(code);
    if (this.#wide === undefined) {
      this.#wide = new Int32Builder();
      for (const before of this.#small.finish()) this.#wide.push(before);
    }
    this.#wide.push(code);
  }

  #widen(code: number): void {
    const wider = new Int32Array(Math.max(2 * this.#ownCode.length, code + 1));
    wider.set(this.#ownCode);
    this.#ownCode = wider;
  }

  /** The column, with codes as small as the number of names allows. */
  finish(): Labels {
    const names = [...this.#codeOf.keys()];
    if (this.#wide === undefined) return { codes: this.#small.finish(), names };
    const codes = names.length <= 0x10000 ? this.#wide.finishAs(Uint16Array) : this.#wide.finish();
    return { codes, names };
  }
}
