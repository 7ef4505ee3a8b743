import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { readBytes } from "../../src/files/read-bytes.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftsched-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("bytes of a file come as they are, by path or by URL", async () => {
  const path = join(folder, "with space.bin");
  await writeFile(path, Uint8Array.of(0, 255, 10, 13));
  expect(await readBytes(path)).toEqual(Uint8Array.of(0, 255, 10, 13));
  expect(await readBytes(pathToFileURL(path))).toEqual(Uint8Array.of(0, 255, 10, 13));
});

test("a missing file and a folder are refused by name", async () => {
  const missing = join(folder, "no such file.csv");
  const refusal = await readBytes(pathToFileURL(missing)).catch((error) => error);
  expect(refusal).toBeInstanceOf(InputError);
  expect(refusal.message).toBe(
    `${missing}: expected a file that can be read: there is no such file`,
  );
  await expect(readBytes(folder)).rejects.toThrow(`${folder}: expected a file that can be read`);
});
