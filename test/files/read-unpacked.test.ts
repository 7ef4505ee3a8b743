import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { readUnpacked } from "../../src/files/read-unpacked.ts";

const TEXT = "req_id,client\n0,a\n".repeat(50);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "driftsched-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: Uint8Array | string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

test("a file comes unpacked by what is in it, by path or by URL", async () => {
  const files = [
    await file("plain.gz", TEXT),
    await file("packed", gzipSync(TEXT)),
    await file("with space.zst", zstdCompressSync(TEXT)),
  ];
  for (const path of files) {
    expect(new TextDecoder().decode(await readUnpacked(path)), path).toBe(TEXT);
    expect(new TextDecoder().decode(await readUnpacked(pathToFileURL(path)))).toBe(TEXT);
  }
});

test("what is cut off, missing or a folder is refused by name", async () => {
  const cut = await file("cut.gz", gzipSync(TEXT).subarray(0, -3));
  const missing = join(folder, "no such file.csv");
  const cases: [string, string][] = [
    [cut, "expected whole, intact gzip: it is cut off"],
    [missing, "expected a file that can be read: there is no such file"],
    [folder, "expected a file that can be read: it is a folder"],
  ];
  for (const [path, why] of cases) {
    const error = await readUnpacked(path).catch((reason) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain(`${path}: ${why}`);
    await expect(readUnpacked(path, "mine")).rejects.toThrow(`mine: ${why}`);
  }
});
