import { readdirSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EnvironmentError } from "../../src/files/environment-error.ts";
import { removePartials, writeAtomically } from "../../src/files/write-atomically.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftsched-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

test("bytes and texts are written, folders made, old content replaced", async () => {
  const path = join(folder, "new", "deep", "file.txt");
  await writeAtomically(path, "old é");
  expect(await readFile(path, "utf8")).toBe("old é");
  await writeAtomically(pathToFileURL(path), Uint8Array.of(1, 2, 3));
  expect([...await readFile(path)]).toEqual([1, 2, 3]);
  expect(await readdir(join(folder, "new", "deep"))).toEqual(["file.txt"]);
});

test("a failed write leaves the old content and nothing beside it", async () => {
  const path = join(folder, "file.txt");
  await writeFile(path, "old");
  vi.spyOn(Deno, "rename").mockRejectedValue(new Error("disk gone"));
  await expect(writeAtomically(path, "new")).rejects.toThrow("disk gone");
  expect(await readFile(path, "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["file.txt"]);
});

test.each<[string, () => unknown, string]>([
  ["a folder", () => mkdir(join(folder, "it", "in"), { recursive: true }), "it is a folder"],
  [
    "a pipe",
    () => new Deno.Command("mkfifo", { args: [join(folder, "it")] }).output(),
    "it is no ordinary file (ENOTFILE)",
  ],
  ["a link to a device", () => symlink("/dev/null", join(folder, "it")), "it is no ordinary file"],
  [
    "a link to itself",
    () => symlink("it", join(folder, "it")),
    "its symbolic links lead in a circle (ELOOP)",
  ],
])("%s is never replaced, and nothing stays beside it", async (_what, make, words) => {
  await make();
  const path = join(folder, "it");
  const before = await lstat(path);
  const writing = writeAtomically(path, "new");
  await expect(writing).rejects.toThrow(EnvironmentError);
  await expect(writing).rejects.toThrow(`can't write ${path}: ${words}`);
  expect((await lstat(path)).ino).toBe(before.ino);
  expect(await readdir(folder)).toEqual(["it"]);
});

test("a device is no file to write a result to", async () => {
  await expect(writeAtomically("/dev/full", "new")).rejects.toThrow(
    "can't write /dev/full: it is no ordinary file (ENOTFILE); name an ordinary file",
  );
  expect((await lstat("/dev/full")).isCharacterDevice()).toBe(true);
});

test.each<[string, () => Promise<string>, string]>([
  ["a file for a folder above", async () => {
    await writeFile(join(folder, "file"), "old");
    return join(folder, "file", "new.txt");
  }, "a part of the path is a file, not a folder (ENOTDIR)"],
  [
    "a long name",
    () => Promise.resolve(join(folder, "n".repeat(300))),
    "the name is too long (ENAMETOOLONG)",
  ],
  ["a NUL byte", () => Promise.resolve(join(folder, "a\0b")), "there is a NUL byte in its name"],
])("%s is a sentence with the path", async (_what, make, words) => {
  const path = await make();
  const shown = path.replace("\0", "\\u0000");
  await expect(writeAtomically(path, "new")).rejects.toThrow(`can't write ${shown}: ${words}`);
});

test("a link stays, and what it leads to is written", async () => {
  const [link, path] = [join(folder, "link"), join(folder, "file.txt")];
  await symlink("file.txt", link);
  for (const text of ["first", "second"]) {
    await writeAtomically(link, text);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(path, "utf8")).toBe(text);
  }
  expect((await readdir(folder)).sort()).toEqual(["file.txt", "link"]);
});

test("where it is asked to, another content is not replaced, the same one is", async () => {
  const path = join(folder, "file.txt");
  const refuse = { existing: "refuse", wayOut: "add --overwrite" } as const;
  const long = "a".repeat(3 << 20);
  await writeAtomically(path, long, refuse);
  await writeAtomically(path, [long.slice(1), "a"], refuse);
  for (const other of [`${long.slice(1)}b`, `${long}a`, ""]) {
    await expect(writeAtomically(path, other, refuse)).rejects.toThrow(
      `${path}: expected no file of other content; add --overwrite`,
    );
  }
  expect(await readFile(path, "utf8")).toBe(long);
  expect(await readdir(folder)).toEqual(["file.txt"]);
});

test("content, name and new folders are waited for, the inner ones first", async () => {
  const synced: string[] = [];
  const open = Deno.openSync;
  vi.spyOn(Deno, "openSync").mockImplementation((path, options) => {
    synced.push(String(path));
    return open(path, options);
  });
  await writeAtomically(join(folder, "a", "b", "file.txt"), "new");
  expect(synced).toEqual([join(folder, "a", "b"), join(folder, "a"), folder]);
});

test("a reader meets one whole version or the other, never a part", async () => {
  const path = join(folder, "file.txt");
  const versions = ["a".repeat(300_000), "b".repeat(200_000)];
  await writeAtomically(path, versions[0]);
  let writing = true;
  const writer = (async () => {
    for (let i = 0; i < 40; i++) await writeAtomically(path, versions[i % 2]);
    writing = false;
  })();
  let reads = 0;
  while (writing) {
    expect(versions.includes(await readFile(path, "utf8"))).toBe(true);
    reads++;
  }
  await writer;
  expect(reads).toBeGreaterThan(3);
});

test("two writers at once do not write into each other", async () => {
  const path = join(folder, "file.txt");
  const versions = Array.from({ length: 12 }, (_, i) => String(i % 10).repeat(100_000 + i));
  await Promise.all(versions.map((version) => writeAtomically(path, version)));
  expect(versions.includes(await readFile(path, "utf8"))).toBe(true);
  expect(await readdir(folder)).toEqual(["file.txt"]);
});

test("pieces are written one after the other, and an interruption can take back what there is", async () => {
  const path = join(folder, "file.txt");
  await writeAtomically(path, ["a", "é", "b"]);
  expect(await readFile(path, "utf8")).toBe("aéb");
  const seen: string[][] = [];
  const pieces = function* () {
    yield "half";
    seen.push(readdirSync(folder));
    removePartials();
    seen.push(readdirSync(folder));
    throw new Error("interrupted");
  };
  await expect(writeAtomically(path, pieces())).rejects.toThrow("interrupted");
  expect(seen.map((names) => names.length)).toEqual([2, 1]);
  expect(await readFile(path, "utf8")).toBe("aéb");
});
