import type { Disk, DiskFile } from "../../../src/live/journal/disk.ts";
import { type Random, uniformInt } from "../../../src/random/substream.ts";
import type { PowerCutDisk } from "../support/power-cut-disk.ts";

/** The process is gone: nothing of it runs any more. */
export class ProcessKilled extends Error {
  override readonly name = "ProcessKilled";
}

/** What the disk does wrong to one process. */
export interface ProcessDiskOptions {
  readonly random: Random;
  readonly shortWrites: number;
  /** Call at which the process dies, in the middle of it; Infinity: at none. */
  readonly killAt: number;
  /** Call from which on the disk is full; Infinity: never. */
  readonly fullFrom: number;
  /** Told of each call, and of the death. */
  readonly onCall: (what: string) => void;
  readonly onKilled: () => void;
}

/**
 * A disk as one process has it: writes that come to their end in part, a full disk, and the death of
 * the process in the middle of a call. What the process holds is let go when it is {@link over}.
 */
export class ProcessDisk implements Disk {
  /** Whether the disk was full for this process. */
  refused = false;
  #calls = 0;
  #over = false;
  readonly #open = new Set<DiskFile>();

  constructor(private readonly inner: PowerCutDisk, private readonly options: ProcessDiskOptions) {}

  /** The process has ended: its locks are free. */
  over(): void {
    this.#over = true;
    for (const file of this.#open) file.close();
    this.#open.clear();
  }

  makeFolder(path: string): readonly string[] {
    this.#call("makeFolder");
    return this.inner.makeFolder(path);
  }
  syncFolder(path: string): void {
    this.#call("syncFolder");
    this.inner.syncFolder(path);
  }
  create(path: string): DiskFile {
    this.#call("create");
    return this.#file(this.inner.create(path));
  }
  open(path: string): DiskFile | null {
    this.#call("open");
    const file = this.inner.open(path);
    return file === null ? null : this.#file(file);
  }
  link(from: string, to: string): boolean {
    this.#call("link");
    return this.inner.link(from, to);
  }
  remove(path: string): void {
    this.#call("remove");
    this.inner.remove(path);
  }

  #file(file: DiskFile): DiskFile {
    this.#open.add(file);
    const { random, shortWrites, killAt, fullFrom } = this.options;
    return {
      read: () => {
        this.#call("read");
        return file.read();
      },
      write: (bytes) => {
        const part = () => 1 + uniformInt(random, bytes.length);
        // A process that dies while it writes has written a part.
        if (this.#calls === killAt && !this.#over) file.write(bytes.subarray(0, part()));
        this.#call(`write ${bytes.length}`);
        if (this.#calls > fullFrom) {
          if (!this.refused && bytes.length > 1 && random.next() < 0.5) {
            this.refused = true;
            return file.write(bytes.subarray(0, part() - 1 || 1));
          }
          this.refused = true;
          throw Object.assign(new Error("No space left on device (os error 28)"), {
            code: "ENOSPC",
          });
        }
        return file.write(random.next() < shortWrites ? bytes.subarray(0, part()) : bytes);
      },
      truncate: (bytes) => {
        this.#call("truncate");
        file.truncate(bytes);
      },
      sync: () => {
        this.#call("sync");
        file.sync();
      },
      tryLock: () => {
        this.#call("lock");
        return file.tryLock();
      },
      close: () => {
        if (this.#open.delete(file)) file.close();
      },
    };
  }

  #call(what: string): void {
    if (this.#over) throw new ProcessKilled("a process that is over asks the disk");
    this.options.onCall(what);
    if (this.#calls++ === this.options.killAt) {
      this.options.onKilled();
      throw new ProcessKilled("killed within a call of the disk");
    }
  }
}
