import type { Labels } from "../workload.ts";

/** Collects a label column: names get codes in the order of their first appearance. */
export class LabelDictionary {
  readonly #codeOf = new Map<string, number>();
  readonly #codes: number[] = [];

  /** Adds one row. */
  add(name: string): void {
    let code = this.#codeOf.get(name);
    if (code === undefined) this.#codeOf.set(name, code = this.#codeOf.size);
    this.#codes.push(code);
  }

  /** The column, with codes as small as the number of names allows. */
  labels(): Labels {
    const { size } = this.#codeOf;
    const codes = size <= 0x100
      ? Uint8Array.from(this.#codes)
      : size <= 0x10000
      ? Uint16Array.from(this.#codes)
      : Int32Array.from(this.#codes);
    return { codes, names: [...this.#codeOf.keys()] };
  }
}
