import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
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

test("a target that cannot be replaced is an error, and nothing stays beside it", async () => {
  await mkdir(join(folder, "file.txt", "inside"), { recursive: true });
  await expect(writeAtomically(join(folder, "file.txt"), "new")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["file.txt"]);
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
