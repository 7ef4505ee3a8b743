import { afterEach, beforeEach, expect, test } from "vitest";
import { EnvironmentError } from "../../../src/files/environment-error.ts";
import { InputError } from "../../../src/errors/input-error.ts";
import { DISK, type DiskFile } from "../../../src/live/journal/disk.ts";
import { Journal, loadJournal } from "../../../src/live/journal/journal.ts";
import { openJournal } from "../../../src/live/journal/open-journal.ts";
import { HEADER } from "./support.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = Deno.makeTempDirSync();
  path = `${folder}/journal.jsonl`;
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

const note = (at: number) => ({ kind: "note", at, what: "w", seconds: 0 }) as const;
const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
const resume = (sync: "second" | "always" | "never" = "second") =>
  openJournal(path, HEADER, { resume: true, sync, accept: () => {} });

test("a new journal has its header, its name, and nothing beside it", () => {
  Journal.create(path, HEADER).close();
  expect(loadJournal(path)!.header).toEqual(HEADER);
  expect(names()).toEqual(["journal.jsonl"]);
});

test("the folders above it are made", () => {
  Journal.create(`${folder}/a/b/journal.jsonl`, HEADER).close();
  expect(loadJournal(`${folder}/a/b/journal.jsonl`)!.entries).toEqual([]);
});

test("where a file system has no second names, it is made under its own", () => {
  const disk = { ...DISK, link: () => false };
  const journal = Journal.create(path, HEADER, { disk });
  journal.append([note(1)]);
  journal.close();
  expect(loadJournal(path)!.entries).toEqual([note(1)]);
  expect(names()).toEqual(["journal.jsonl"]);
  expect(() => Journal.create(path, HEADER, { disk })).toThrow("no journal there");
  expect(names()).toEqual(["journal.jsonl"]);
});

test("goes on behind the last whole line", () => {
  const journal = Journal.create(path, HEADER);
  journal.append([note(1), note(2)]);
  journal.close();
  Deno.writeTextFileSync(path, '{"kind":"note","at":3,"wh', { append: true });
  const { journal: again, notice } = resume("always");
  expect(notice).toBeNull();
  again.append([note(4)]);
  again.close();
  expect(loadJournal(path)!.entries.map(({ at }) => at)).toEqual([1, 2, 4]);
});

test("never starts over a journal that is there", () => {
  Journal.create(path, HEADER).close();
  const before = Deno.readFileSync(path);
  expect(() => Journal.create(path, HEADER)).toThrow(InputError);
  expect(Deno.readFileSync(path)).toEqual(before);
  expect(names()).toEqual(["journal.jsonl"]);
  expect(loadJournal(`${folder}/other.jsonl`)).toBeNull();
});

test("two processes never write into one journal", () => {
  const first = Journal.create(path, HEADER);
  expect(() => resume()).toThrow("no other process");
  first.append([note(1)]);
  first.close();
  const second = resume().journal;
  expect(() => resume()).toThrow("no other process");
  second.close();
  resume().journal.close();
  expect(loadJournal(path)!.entries).toEqual([note(1)]);
});

/** The disk of this machine, with one call of its files that fails. */
function failing(call: "write" | "sync", after: number) {
  let left = after;
  const wrapped = (file: DiskFile): DiskFile => ({
    read: () => file.read(),
    write(bytes) {
      if (call !== "write" || left-- > 0) return file.write(bytes);
      // Half of it fits.
      file.write(bytes.subarray(0, bytes.length >> 1));
      throw Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
    },
    truncate: (bytes) => file.truncate(bytes),
    sync() {
      if (call !== "sync" || left-- > 0) return file.sync();
      throw Object.assign(new Error("Input/output error (os error 5)"), { code: "EIO" });
    },
    tryLock: () => file.tryLock(),
    close: () => file.close(),
  });
  return { ...DISK, create: (at: string) => wrapped(DISK.create(at)) };
}

test("a full disk is a sentence with the journal's path, and nothing is written behind half a line", () => {
  const journal = Journal.create(path, HEADER, { disk: failing("write", 2) });
  journal.append([note(1)]);
  const full = () => journal.append([note(2)]);
  expect(full).toThrow(EnvironmentError);
  expect(full).toThrow(
    `can't write the journal ${path}: the disk is full (ENOSPC); set that right, then run the same ` +
      "command with --resume",
  );
  // The disk has room again, but nobody knows how much of the line there is.
  expect(() => journal.append([note(3)])).toThrow("the disk is full");
  journal.close();
  const { journal: again } = resume();
  again.append([note(4)]);
  again.close();
  expect(loadJournal(path)!.entries.map(({ at }) => at)).toEqual([1, 4]);
});

test("a disk that does not keep what it was given is a sentence, too, at the end as well", () => {
  const journal = Journal.create(path, HEADER, { disk: failing("sync", 1) });
  journal.append([note(1)]);
  expect(() => journal.close()).toThrow("the disk failed to read or write (EIO)");
  resume().journal.close();
});

test("a full disk at the very beginning leaves nothing behind", () => {
  const disk = failing("write", 0);
  expect(() => Journal.create(path, HEADER, { disk })).toThrow("the disk is full");
  expect(names()).toEqual([]);
});
