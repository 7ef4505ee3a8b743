import { basename, join } from "node:path";
import type { Run } from "../../runs/run.ts";
import { inWordsAsync } from "../../files/environment-error.ts";
import { pack, unpack } from "./pack.ts";
import type { GetOptions, ResultStore, StoredResult } from "./result-store.ts";

/** Options of {@link FolderStore}. */
export interface FolderStoreOptions {
  /**
   * Bytes that the folder may hold: at a process's first new result, those written longest ago are
   * removed until it holds no more. @default 2 GB
   */
  readonly maxBytes?: number;
}

const SUMMARY = ".cell";
const RUN = ".run";
const PARTIAL = ".partial";
/** Nobody writes one file for so long. */
const PARTIAL_MS = 3600e3;

/**
 * Keeps results as files, `ab/ab12….cell` and, for whole runs, `ab/ab12….run`. A file is written beside
 * its place and then takes its name, so that a process that dies leaves no half of it; what is torn or
 * of another format is as if it were not there. Several processes may use one folder. To empty it,
 * remove the folder, or call {@link FolderStore.clear}.
 */
export class FolderStore implements ResultStore {
  readonly folder: string;
  readonly #maxBytes: number;
  #pruned: Promise<void> | null = null;
  readonly #made = new Map<string, Promise<void>>();

  constructor(folder: string, { maxBytes = 2e9 }: FolderStoreOptions = {}) {
    this.folder = folder;
    this.#maxBytes = maxBytes;
  }

  async get(key: string, { run = false }: GetOptions = {}): Promise<StoredResult | null> {
    const [summary, whole] = await Promise.all([
      this.#read(key, SUMMARY),
      run ? this.#read(key, RUN) : null,
    ]);
    if (!isSummary(summary) || run && whole === null) return null;
    const { names, values } = summary;
    return { names, values, ...run && { run: whole as Run } };
  }

  async put(key: string, { names, values, run }: StoredResult): Promise<void> {
    await inWordsAsync({ verb: "keep a result in", path: this.folder }, async () => {
      await (this.#pruned ??= this.#prune());
      if (run !== undefined) await this.#write(key, RUN, run);
      await this.#write(key, SUMMARY, { names, values });
    });
  }

  /** Removes every result, and the folders that are empty then. What is no result of a store stays. */
  async clear(): Promise<void> {
    for (const { path } of await resultsIn(this.folder)) {
      await Deno.remove(path).catch(ignoreMissing);
    }
    this.#made.clear();
    const folders = await foldersOf(this.folder);
    for (const path of [...folders, this.folder]) await Deno.remove(path).catch(ignoreOthers);
  }

  #path(key: string, kind: string): string {
    if (!/^[0-9a-f]{8,}$/.test(key)) throw new RangeError(`Not a key of a cell: ${key}`);
    return join(this.folder, key.slice(0, 2), key + kind);
  }

  async #read(key: string, kind: string): Promise<unknown | null> {
    const path = this.#path(key, kind);
    try {
      return await unpack(await Deno.readFile(path));
    } catch {
      // Not there, or not to be read: then it is simulated again.
      return null;
    }
  }

  async #write(key: string, kind: string, value: unknown): Promise<void> {
    const path = this.#path(key, kind);
    const folder = join(this.folder, key.slice(0, 2));
    let made = this.#made.get(folder);
    if (made === undefined) {
      this.#made.set(folder, made = Deno.mkdir(folder, { recursive: true }));
    }
    await made;
    // No wait for the disk, unlike for results that people wait for: a lost file is made again.
    const partial = `${path}.${crypto.randomUUID()}${PARTIAL}`;
    try {
      await Deno.writeFile(partial, await pack(value), { createNew: true });
      await Deno.rename(partial, path);
    } catch (error) {
      await Deno.remove(partial).catch(() => {});
      throw error;
    }
  }

  async #prune(): Promise<void> {
    const found = await resultsIn(this.folder);
    // What a process that died was writing has no use, nor has it a place among the results.
    const left = found.filter(({ path, written }) =>
      path.endsWith(PARTIAL) && Date.now() - written > PARTIAL_MS
    );
    for (const { path } of left) await Deno.remove(path).catch(ignoreMissing);
    const files = found.filter(({ path }) => !path.endsWith(PARTIAL));
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    files.sort((a, b) => a.written - b.written);
    for (const { path, size } of files) {
      if (bytes <= this.#maxBytes) return;
      await Deno.remove(path).catch(ignoreMissing);
      bytes -= size;
    }
  }
}

function isSummary(value: unknown): value is StoredResult {
  const { names, values } = (value ?? {}) as Partial<StoredResult>;
  return Array.isArray(names) && values instanceof Float64Array && values.length === names.length;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** A folder stays where something is in it. */
function ignoreOthers(error: unknown): void {
  if ((error as { code?: string }).code !== "ENOTEMPTY") ignoreMissing(error);
}

interface StoredFile {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly written: number;
}

/** Names of the folders that keys begin with. */
const PLACE = /^[0-9a-f]{2}$/;
/** What this store calls a file, whole or half-written, and nobody else does. */
const RESULT =
  /^([0-9a-f]{2})[0-9a-f]{6,}\.(?:cell|run)(?:\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.partial)?$/;

/** The store's folders within `folder`. */
async function foldersOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory && PLACE.test(name)) found.push(join(folder, name));
    }
  } catch (error) {
    ignoreMissing(error);
  }
  return found;
}

/**
 * The files of a store: those that have the name and the place of one. A folder may hold others, if
 * somebody points the store at it: they are not ours to remove, and do not count.
 */
async function resultsIn(folder: string): Promise<StoredFile[]> {
  const found: StoredFile[] = [];
  for (const place of await foldersOf(folder)) {
    try {
      for await (const { name, isFile } of Deno.readDir(place)) {
        if (!isFile || RESULT.exec(name)?.[1] !== basename(place)) continue;
        const path = join(place, name);
        const { size, mtime } = await Deno.stat(path);
        found.push({ path, size, written: mtime?.getTime() ?? 0 });
      }
    } catch (error) {
      // Another process may have removed it meanwhile.
      ignoreMissing(error);
    }
  }
  return found;
}
