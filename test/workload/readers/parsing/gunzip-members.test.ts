import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unpacked } from "../../../../src/workload/readers/parsing/unpack.ts";

async function* inChunks(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpack(bytes: Uint8Array, size = 1 << 16): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of unpacked(inChunks(bytes, size), "log.gz")) parts.push(part);
  return Uint8Array.from(Buffer.concat(parts));
}

const gzip = (bytes: Uint8Array, level = 6) => Uint8Array.from(gzipSync(bytes, { level }));
const concat = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

test("members one after another unpack to their contents, however they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ bytes: fc.uint8Array({ maxLength: 400 }), level: fc.nat(9) }), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.integer({ min: 1, max: 90 }),
      async (members, size) => {
        const packed = concat(...members.map(({ bytes, level }) => gzip(bytes, level)));
        expect(await unpack(packed, size)).toEqual(concat(...members.map(({ bytes }) => bytes)));
      },
    ),
    { numRuns: 100, seed: 5 },
  );
});

test("what looks like a member within one is none", async () => {
  // Level 0 stores bytes as they are: headers stand in the packed data, one with a stream behind.
  const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);
  const bytes = concat(header, new Uint8Array(50).fill(0xff), header, new Uint8Array(9).fill(7));
  for (const size of [1, 7, 1000]) {
    expect(await unpack(concat(gzip(bytes, 0), gzip(bytes)), size)).toEqual(concat(bytes, bytes));
  }
});

test("a later member that is cut off or damaged, or followed by anything else, is refused", async () => {
  const member = gzip(new TextEncoder().encode("a line of a log, and another\n".repeat(99)));
  const two = concat(member, member);
  for (const cut of [1, 5, 8, 30, member.length - 4]) {
    await expect(unpack(two.subarray(0, two.length - cut)), `${cut}`)
      .rejects.toThrow("log.gz: expected");
  }
  for (const at of [member.length - 6, two.length - 6, member.length + 40]) {
    await expect(unpack(two.with(at, two[at] ^ 0xff)), `${at}`).rejects.toThrow("log.gz: expected");
  }
  await expect(unpack(concat(two, new TextEncoder().encode("garbage")))).rejects.toThrow(
    "log.gz: expected gzip and nothing else: more follows its end",
  );
});
