import { concatenated } from "../../collections/concatenated.ts";
import { makeFolder, syncFolder } from "../../files/sync-folder.ts";

/**
 * An open file of a {@link Disk}. What is written comes behind what is there. Each call returns when
 * the operating system has done it; only after {@link DiskFile.sync} does it outlive a power failure.
 */
export interface DiskFile {
  /** The whole content. */
  read(): Uint8Array;
  /** Writes at the end. @returns how many bytes were written, at least one, perhaps not all */
  write(bytes: Uint8Array): number;
  /** Cuts the file after so many bytes. */
  truncate(bytes: number): void;
  /** Waits until content and size are on the disk. */
  sync(): void;
  /** Holds the file until it is closed or the process ends; false where another one holds it. */
  tryLock(): boolean;
  close(): void;
}

/**
 * What a journal asks of a disk, and nothing else, so that a test can put a disk in its place that
 * loses power. All calls are synchronous. They throw what Deno throws of files.
 */
export interface Disk {
  /**
   * Makes a folder, and those above it that are missing.
   * @returns the folders that hold a new name by that, for {@link Disk.syncFolder}
   */
  makeFolder(path: string): readonly string[];
  /** Waits until the names in a folder are on the disk. */
  syncFolder(path: string): void;
  /** Makes an empty file; `Deno.errors.AlreadyExists` where there is anything of that name. */
  create(path: string): DiskFile;
  /** Opens a file; null where there is none. Throws where it is no ordinary file. */
  open(path: string): DiskFile | null;
  /**
   * Gives a file a second name; `Deno.errors.AlreadyExists` where there is anything of that name.
   * @returns false where the file system offers no second names
   */
  link(from: string, to: string): boolean;
  /** Takes a name of a file away. */
  remove(path: string): void;
}

/** What file systems say that have no second names. */
const NO_LINKS = new Set([
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
  "EINVAL",
  "EACCES",
]);

const READ_BYTES = 1 << 20;

class OpenFile implements DiskFile {
  constructor(private readonly file: Deno.FsFile) {}

  read(): Uint8Array {
    this.file.seekSync(0, Deno.SeekMode.Start);
    const chunks: Uint8Array[] = [];
    for (;;) {
      const chunk = new Uint8Array(READ_BYTES);
      const count = this.file.readSync(chunk);
      if (count === null) return concatenated(chunks);
      chunks.push(chunk.subarray(0, count));
    }
  }

  write(bytes: Uint8Array): number {
    return this.file.writeSync(bytes);
  }

  truncate(bytes: number): void {
    this.file.truncateSync(bytes);
  }

  sync(): void {
    this.file.syncDataSync();
  }

  tryLock(): boolean {
    return this.file.tryLockSync(true);
  }

  close(): void {
    this.file.close();
  }
}

/** The disk of this machine. */
export const DISK: Disk = {
  makeFolder,
  syncFolder,
  create: (path) =>
    new OpenFile(Deno.openSync(path, { read: true, append: true, createNew: true })),
  open(path) {
    try {
      const { isFile, isDirectory } = Deno.statSync(path);
      if (!isFile && !isDirectory) {
        throw Object.assign(new Error(`no ordinary file: open '${path}'`), { code: "ENOTFILE" });
      }
      return new OpenFile(Deno.openSync(path, { read: true, append: true }));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  },
  link(from, to) {
    try {
      Deno.linkSync(from, to);
      return true;
    } catch (error) {
      if (NO_LINKS.has((error as { code?: string }).code ?? "")) return false;
      throw error;
    }
  },
  remove: (path) => Deno.removeSync(path),
};
