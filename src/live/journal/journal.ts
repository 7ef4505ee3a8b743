import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
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

const SYNC_INTERVAL_MS = 1000;

/** The open journal of a live run. Appending is synchronous: when it returns, the line is written. */
export class Journal {
  #sum: number;
  #synced = performance.now();
  #dirty = false;

  private constructor(
    readonly path: string,
    private readonly file: Deno.FsFile,
    private readonly sync: SyncPolicy,
    sum: number,
  ) {
    this.#sum = sum;
  }

  /** Starts the journal of a run; an InputError where there is one already. */
  static create(path: string, header: Header, sync: SyncPolicy = "second"): Journal {
    let file: Deno.FsFile;
    try {
      file = Deno.openSync(path, { write: true, createNew: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw new InputError({
        file: path,
        expected: "no journal there; continue it with --resume, or choose another --out",
      });
    }
    lock(file, path);
    const journal = new Journal(path, file, sync, 0);
    journal.#write([header]);
    return journal;
  }

  /**
   * Opens the journal of an interrupted run to go on with it; what was half-written is cut off. An
   * InputError where another process works on it.
   */
  static resume(path: string, content: JournalContent, sync: SyncPolicy = "second"): Journal {
    const file = Deno.openSync(path, { write: true });
    lock(file, path);
    if (file.statSync().size !== content.bytes) refuseSecond(file, path);
    file.truncateSync(content.wholeBytes);
    file.seekSync(0, Deno.SeekMode.End);
    return new Journal(path, file, sync, content.sum);
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
    if (this.sync !== "never" && this.#dirty) this.#flush();
    this.file.close();
  }

  #write(entries: readonly object[]): void {
    let text = "";
    for (const entry of entries) {
      const line = encodeLine(entry, this.#sum);
      this.#sum = line.sum;
      text += `${line.text}\n`;
    }
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += this.file.writeSync(bytes.subarray(at));
    this.#dirty = true;
    if (this.sync === "always") this.#flush();
  }

  #flush(): void {
    this.file.syncDataSync();
    this.#synced = performance.now();
    this.#dirty = false;
  }
}

function refuseSecond(file: Deno.FsFile, path: string): never {
  file.close();
  throw new InputError({ file: path, expected: "no other process working on this run" });
}

/** Holds the journal until the process ends, however it ends. */
function lock(file: Deno.FsFile, path: string): void {
  if (!file.tryLockSync(true)) refuseSecond(file, path);
}

/** Reads the journal at `path`; null where there is none, or nothing whole in it. */
export function loadJournal(path: string): JournalContent | null {
  try {
    return readJournal(Deno.readFileSync(path), path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
