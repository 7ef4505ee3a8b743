import { dirname } from "node:path";
import type { Disk, DiskFile } from "../../../src/live/journal/disk.ts";
import { uniformInt } from "../../../src/random/substream.ts";

/** The power is gone: nothing that runs goes on. */
export class PowerCut extends Error {
  override readonly name = "PowerCut";
}

type Random = Parameters<typeof uniformInt>[0];

/** What is written or not as one piece, as far as a disk promises anything. */
const SECTOR = 512;

/** A file, whatever its names are. */
class Inode {
  /** What it was at its last sync, then what it was after each write and cut since, as the process sees it. */
  states: Uint8Array[] = [new Uint8Array(0)];
  locked = false;

  get now(): Uint8Array {
    return this.states[this.states.length - 1];
  }

  /** What is there after a power cut: each sector and the size as they were at any instant since. */
  afterCut(random: Random): Uint8Array {
    const { states } = this;
    const at = uniformInt(random, states.length);
    const least = at > 0 ? states[at - 1].length : states[at].length;
    // A file that was growing may have grown by a part.
    const size = least < states[at].length
      ? least + uniformInt(random, states[at].length - least + 1)
      : states[at].length;
    const bytes = new Uint8Array(size);
    for (let from = 0; from < size; from += SECTOR) {
      // A write that is torn within a sector has come as far as there.
      const newer = uniformInt(random, states.length);
      const [first, second] = [states[newer], states[uniformInt(random, newer + 1)]];
      const torn = second.length <= first.length && uniformInt(random, 3) === 0;
      const tear = torn ? uniformInt(random, SECTOR) : SECTOR;
      for (let i = from; i < Math.min(size, from + SECTOR); i++) {
        bytes[i] = (i < from + tear ? first : second)[i] ?? 0;
      }
    }
    return bytes;
  }
}

/** Names in a folder: what each was at the last sync of the folder, and after each change since. */
type Names = Map<string, (Inode | "folder" | null)[]>;

/**
 * A disk in memory that loses power: at the call that `cutAt` names, from 0, and for good. What a file
 * was since its last sync may then be lost in any part, sector by sector, and a name that its folder
 * was not synced for may be gone, or be there again.
 */
export class PowerCutDisk implements Disk {
  /** Calls so far. */
  calls = 0;
  readonly #folders = new Map<string, Names>([["/", new Map()]]);

  constructor(private readonly cutAt = Infinity) {}

  /** The disk as it is when the power is back. */
  afterCut(random: Random, cutAt = Infinity): PowerCutDisk {
    const disk = new PowerCutDisk(cutAt);
    const kept = new Map<Inode, Inode>();
    const visit = (folder: string) => {
      for (const [path, states] of this.#folders.get(folder)!) {
        const state = states[uniformInt(random, states.length)];
        if (state === null) continue;
        if (state === "folder") {
          disk.#namesIn(folder).set(path, ["folder"]);
          disk.#folders.set(path, new Map());
          visit(path);
          continue;
        }
        const inode = kept.get(state) ?? new Inode();
        if (!kept.has(state)) inode.states = [state.afterCut(random)];
        kept.set(state, inode);
        disk.#namesIn(folder).set(path, [inode]);
      }
    };
    visit("/");
    return disk;
  }

  /** What is in a file now; null where there is none. For checks: no call of a process. */
  contentOf(path: string): Uint8Array | null {
    const inode = this.#at(path);
    return inode instanceof Inode ? inode.now : null;
  }

  makeFolder(path: string): string[] {
    this.#call();
    const missing: string[] = [];
    for (let at = path; !this.#folders.has(at); at = dirname(at)) missing.unshift(at);
    for (const each of missing) {
      this.#change(each, "folder");
      this.#folders.set(each, new Map());
    }
    return missing.map((each) => dirname(each));
  }

  syncFolder(path: string): void {
    this.#call();
    for (const states of this.#namesIn(path).values()) states.splice(0, states.length - 1);
  }

  create(path: string): DiskFile {
    this.#call();
    if (this.#at(path) !== null) throw new Deno.errors.AlreadyExists(path);
    const inode = new Inode();
    this.#change(path, inode);
    return this.#open(inode);
  }

  open(path: string): DiskFile | null {
    this.#call();
    const inode = this.#at(path);
    return inode instanceof Inode ? this.#open(inode) : null;
  }

  link(from: string, to: string): boolean {
    this.#call();
    if (this.#at(to) !== null) throw new Deno.errors.AlreadyExists(to);
    this.#change(to, this.#at(from));
    return true;
  }

  remove(path: string): void {
    this.#call();
    this.#change(path, null);
  }

  #open(inode: Inode): DiskFile {
    let holds = false;
    return {
      read: () => {
        this.#call();
        return inode.now.slice();
      },
      write: (bytes) => {
        const now = new Uint8Array(inode.now.length + bytes.length);
        now.set(inode.now);
        now.set(bytes, inode.now.length);
        // Power may go while it is written.
        if (this.calls === this.cutAt) inode.states.push(now);
        this.#call();
        inode.states.push(now);
        return bytes.length;
      },
      truncate: (bytes) => {
        this.#call();
        inode.states.push(inode.now.slice(0, bytes));
      },
      sync: () => {
        this.#call();
        inode.states = [inode.now];
      },
      tryLock: () => {
        this.#call();
        if (inode.locked) return false;
        return inode.locked = holds = true;
      },
      close: () => {
        if (holds) inode.locked = false;
      },
    };
  }

  #call(): void {
    if (this.calls >= this.cutAt) throw new PowerCut("the power is gone");
    this.calls++;
  }

  #namesIn(folder: string): Names {
    const names = this.#folders.get(folder);
    if (names === undefined) throw new Deno.errors.NotFound(folder);
    return names;
  }

  #at(path: string): Inode | "folder" | null {
    return this.#folders.get(dirname(path))?.get(path)?.at(-1) ?? null;
  }

  #change(path: string, to: Inode | "folder" | null): void {
    const names = this.#namesIn(dirname(path));
    names.set(path, [...names.get(path) ?? [null], to]);
  }
}
