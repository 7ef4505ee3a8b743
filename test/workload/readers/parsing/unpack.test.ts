import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { unpacked, unpackedWhole } from "../../../../src/workload/readers/parsing/unpack.ts";
import { packingOf } from "../../../../src/workload/readers/parsing/packing.ts";
import { MOST_DOCUMENT } from "../../../../src/workload/readers/parsing/whole-reader.ts";
import { fixture, inChunks, joined, unpack, zstdBomb } from "../support/packed.ts";

test("files are told apart by their first bytes", async () => {
  expect(packingOf(await fixture("rows.csv"))).toBeUndefined();
  expect(packingOf(await fixture("padded.gz"))).toBe("gzip");
  expect(packingOf(await fixture("checksum.zst"))).toBe("zstd");
  expect(packingOf(Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18))).toBe("zstd");
  for (const few of [[], [0x1f], [0x28, 0xb5, 0x2f]]) {
    expect(packingOf(Uint8Array.from(few))).toBeUndefined();
    expect(await unpack(Uint8Array.from(few))).toEqual(Uint8Array.from(few));
  }
});

test("a few bytes that unpack to no end are refused at 256 MiB, with the way out", async () => {
  const bomb = zstdBomb("a line\n", "\n", 16_000);
  expect(bomb.length).toBeLessThan(65_000);
  let bytes = 0;
  const read = async () => {
    for await (const part of unpacked(inChunks(bomb, 2 ** 16), "b.zst")) bytes += part.length;
  };
  await expect(read()).rejects.toThrow(
    /^b\.zst: expected a file that unpacks to at most 1000 times its size: \d+ bytes came out of 640\d\d\. If that is right, unpack it first: zstd -d$/,
  );
  expect(bytes).toBeGreaterThan(2 ** 28 - 2 ** 17);
  expect(bytes).toBeLessThanOrEqual(2 ** 28);
}, 30_000);

test("below 1000 times its size a file unpacks to any size", async () => {
  // Zeros pack to 1/1030; behind bytes that are stored as they are the whole is 1/850.
  const zeros = gzipSync(new Uint8Array(30_000_000));
  const stored = gzipSync(new Uint8Array(60_000), { level: 0 });
  const packed = joined(stored, ...Array.from({ length: 10 }, () => zeros));
  let bytes = 0;
  for await (const part of unpacked(inChunks(packed, 2 ** 16), "x.gz")) bytes += part.length;
  expect(bytes).toBe(300_060_000);
}, 30_000);

test("a limit holds for plain and packed files, and for what a frame says that it has", async () => {
  const bytes = new Uint8Array(5_000_000).fill(0x41);
  for (const pack of [gzipSync, zstdCompressSync]) {
    const packed = new Uint8Array(pack(bytes));
    expect(packed.length).toBeLessThan(10_000);
    await expect(unpack(packed, 2 ** 16, { mostBytes: 4_999_999 })).rejects.toThrow(
      "log: expected at most 4999999 bytes when unpacked",
    );
    expect((await unpack(packed, 2 ** 16, { mostBytes: 5_000_000 })).length).toBe(5_000_000);
  }
  await expect(unpack(bytes, 2 ** 16, { mostBytes: 4_999_999 })).rejects.toThrow(
    /^log: expected at most 4999999 bytes$/,
  );
  // 2^60 bytes, it says, and no block is there.
  const claims = [0x28, 0xb5, 0x2f, 0xfd, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10];
  await expect(unpack(Uint8Array.from(claims), 100, { mostBytes: 1e9 })).rejects.toThrow(
    `log: expected at most 1000000000 bytes when unpacked: a frame has ${2 ** 60}`,
  );
});

test("a whole file has 500 MB at most", async () => {
  const chunk = new Uint8Array(1_000_000).fill(0x41);
  let given = 0;
  const endless = (async function* () {
    for (;; given++) yield chunk;
  })();
  await expect(unpackedWhole(endless, "big.csv")).rejects.toThrow(
    `big.csv: expected at most ${MOST_DOCUMENT} bytes`,
  );
  expect(given).toBe(500);
  expect(await unpackedWhole(inChunks(await fixture("checksum.zst"), 9), "x")).toEqual(
    await fixture("rows.csv"),
  );
});

test("an error of the source is no damage of the file", async () => {
  const packed = await fixture("checksum.zst");
  for (const bytes of [packed, await fixture("padded.gz")]) {
    const broken = (async function* () {
      yield bytes.subarray(0, 100);
      throw new Error("the disk is gone");
    })();
    await expect(Array.fromAsync(unpacked(broken, "x"))).rejects.toThrow(/^the disk is gone$/);
  }
});
