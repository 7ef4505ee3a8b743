import { dirname } from "node:path";
import * as z from "zod";
import { inWords } from "../../files/environment-error.ts";
import { InputError } from "../../errors/input-error.ts";
import { DISK, type Disk, type DiskFile } from "./disk.ts";
import type { Entry, Header } from "./entry.ts";
import { encodeLine } from "./line.ts";
import { type JournalContent, readJournal } from "./read-journal.ts";

/**
 * When a journal waits for the disk. A line is always handed to the operating system before it is
 * acted on, so the death of the process loses nothing; this is about power failures.
 * - `second`: at most once a second, and at the end. A power failure may lose the last second.
 * - `always`: before each action. Loses nothing, and costs one disk flush a decision.
 * - `never`: only the operating system decides.
 */
export const SyncPolicy = z.enum(["second", "always", "never"]);
export type SyncPolicy = z.output<typeof SyncPolicy>;

/** Where and how a journal is kept. */
export interface JournalOptions {
  /** @default "second" */
  readonly sync?: SyncPolicy;
  /** @default the disk of this machine */
  readonly disk?: Disk;
}

const SYNC_INTERVAL_MS = 1000;
const WAY_OUT = "set that right, then run the same command with --resume";

/**
 * The open journal of a live run. Appending is synchronous: when it returns, the line is written.
 * What the machine refuses is thrown as an EnvironmentError that names the journal; after that it
 * takes nothing more.
 */
export class Journal {
  #sum: number;
  #synced = performance.now();
  #dirty = false;
  /** Why it takes nothing more. */
  #failure: { readonly thrown: unknown } | null = null;

  private constructor(
    readonly path: string,
    private readonly file: DiskFile,
    private readonly sync: SyncPolicy,
    sum: number,
  ) {
    this.#sum = sum;
  }

  /**
   * Starts the journal of a run, and makes its folder; an InputError where there is one already. The
   * file has its name only when its header is on the disk, and the name is on the disk before this
   * returns, but for the policy `never`.
   */
  static create(
    path: string,
    header: Header,
    { sync = "second", disk = DISK }: JournalOptions = {},
  ): Journal {
    return inWords({ path, verb: "start the journal" }, () => {
      const folder = dirname(path);
      disk.makeFolder(folder);
      const beside = `${path}.${crypto.randomUUID()}.partial`;
      const begin = (at: string) => {
        const file = at === path ? asNew(path, () => disk.create(path)) : disk.create(at);
        try {
          hold(file, path);
          const journal = new Journal(path, file, sync, 0);
          journal.#write([header]);
          if (sync === "second") journal.#flush();
          return { journal, file };
        } catch (error) {
          quietly(() => file.close());
          throw error;
        }
      };
      let journal: Journal;
      try {
        const begun = begin(beside);
        try {
          journal = asNew(path, () => disk.link(beside, path))
            ? begun.journal
            : begin(path).journal;
        } catch (error) {
          quietly(() => begun.file.close());
          throw error;
        }
        if (journal !== begun.journal) begun.file.close();
      } catch (error) {
        quietly(() => disk.remove(beside));
        throw error;
      }
      disk.remove(beside);
      if (sync !== "never") syncNames(path, disk);
      return journal;
    });
  }

  /** Writes entries down, all or (when the process dies meanwhile) a prefix of them. */
  append(entries: readonly Entry[]): void {
    if (entries.length > 0) this.#write(entries);
  }

  /** Waits for the disk if the policy wants that now. */
  syncIfDue(): void {
    if (this.sync !== "second" || !this.#dirty) return;
    if (performance.now() - this.#synced >= SYNC_INTERVAL_MS) this.#flush();
  }

  close(): void {
    try {
      if (this.sync !== "never" && this.#dirty && this.#failure === null) this.#flush();
    } catch (error) {
      quietly(() => this.file.close());
      throw error;
    }
    this.file.close();
  }

  /** @internal Goes on with a file that is held; see `openJournal`. */
  static over(
    path: string,
    file: DiskFile,
    sync: SyncPolicy,
    begin: { readonly header: Header } | { readonly content: JournalContent },
  ): Journal {
    const content = "content" in begin ? begin.content : null;
    const journal = new Journal(path, file, sync, content?.sum ?? 0);
    journal.#guard(() => {
      const bytes = content?.wholeBytes ?? 0;
      if (content === null || content.bytes > bytes) {
        file.truncate(bytes);
        // New lines must not meet the old ones' rest on the disk.
        if (sync !== "never") file.sync();
      }
      if (content?.unended) writeWhole(file, Uint8Array.of(0x0a));
      journal.#dirty = true;
    });
    if ("header" in begin) journal.#write([begin.header]);
    if (sync !== "never" && journal.#dirty) journal.#flush();
    return journal;
  }

  #write(entries: readonly object[]): void {
    const encoder = new TextEncoder();
    let text = "";
    let after = 0;
    let sum = this.#sum;
    for (const entry of entries) {
      const line = encodeLine(entry, sum, after);
      sum = line.sum;
      text += `${line.text}\n`;
      // Of one entry, which most writes have, nobody asks.
      if (entries.length > 1) after += encoder.encode(line.text).length + 1;
    }
    this.#guard(() => {
      writeWhole(this.file, encoder.encode(text));
      this.#sum = sum;
      this.#dirty = true;
    });
    if (this.sync === "always") this.#flush();
  }

  #flush(): void {
    this.#guard(() => this.file.sync());
    this.#synced = performance.now();
    this.#dirty = false;
  }

  /** After a failure nobody knows what is in the file: a later line could stand behind half a one. */
  #guard(work: () => void): void {
    if (this.#failure !== null) throw this.#failure.thrown;
    try {
      inWords({ path: this.path, verb: "write the journal", wayOut: WAY_OUT }, work);
    } catch (thrown) {
      this.#failure = { thrown };
      throw thrown;
    }
  }
}

function writeWhole(file: DiskFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.write(bytes.subarray(at));
}

/** Holds a file until it is closed; an InputError where another process holds it. */
export function hold(file: DiskFile, path: string): void {
  if (!file.tryLock()) {
    throw new InputError({ file: path, expected: "no other process working on this run" });
  }
}

/** Does what makes a name; an InputError where there is something of that name. */
function asNew<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new InputError({
      file: path,
      expected: "no journal there; continue it with --resume, or choose another --out",
    });
  }
}

/** Does what follows on an error, and may fail for the same reason: the first one is told. */
export function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The error that led here says more.
  }
}

/**
 * Waits until the journal's name, and those of the folders above, are on the disk. Whoever made them,
 * an earlier process perhaps, may have died before it could.
 */
export function syncNames(path: string, disk: Disk): void {
  const folder = dirname(path);
  // Those above may be nobody's to open; then they were there before.
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    quietly(() => disk.syncFolder(dirname(at)));
  }
  inWords({ path: folder, verb: "sync the folder of the journal" }, () => disk.syncFolder(folder));
}

/** Reads the journal at `path`; null where there is none, or nothing whole in it. */
export function loadJournal(path: string, disk: Disk = DISK): JournalContent | null {
  return inWords({ path, verb: "read the journal" }, () => {
    const file = disk.open(path);
    if (file === null) return null;
    try {
      return readJournal(file.read(), path);
    } finally {
      file.close();
    }
  });
}
