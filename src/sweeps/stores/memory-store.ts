import type { GetOptions, ResultStore, StoredResult } from "./result-store.ts";

/** Keeps results for as long as the process lives. */
export class MemoryStore implements ResultStore {
  readonly #results = new Map<string, StoredResult>();

  /** Results held. */
  get size(): number {
    return this.#results.size;
  }

  get(key: string, { run = false }: GetOptions = {}): Promise<StoredResult | null> {
    const found = this.#results.get(key);
    if (found === undefined || run && found.run === undefined) return Promise.resolve(null);
    return Promise.resolve(found);
  }

  put(key: string, result: StoredResult): Promise<void> {
    this.#results.set(key, result);
    return Promise.resolve();
  }

  /** Forgets every result. */
  clear(): void {
    this.#results.clear();
  }
}
