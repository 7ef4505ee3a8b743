import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fixture, joined, littleEndian, unpack } from "../support/packed.ts";

const gzip = (bytes: Uint8Array, level = 6) => Uint8Array.from(gzipSync(bytes, { level }));
const text = (content: string) => new TextEncoder().encode(content);

test("members one after another unpack to their contents, however they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ bytes: fc.uint8Array({ maxLength: 400 }), level: fc.nat(9) }), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.integer({ min: 1, max: 90 }),
      async (members, size) => {
        const packed = joined(...members.map(({ bytes, level }) => gzip(bytes, level)));
        expect(await unpack(packed, size)).toEqual(joined(...members.map(({ bytes }) => bytes)));
      },
    ),
    { numRuns: 100, seed: 5 },
  );
});

test("what gzip itself packed, in two members or padded with zeros, unpacks to its rows", async () => {
  const rows = await fixture("rows.csv");
  for (const name of ["two-members.gz", "padded.gz"]) {
    for (const size of [1, 13, 4096]) {
      expect(await unpack(await fixture(name), size), `${name} ${size}`).toEqual(rows);
    }
  }
});

test("blocks of bgzip, whose headers hold their lengths, are members like any", async () => {
  const block = (bytes: Uint8Array) => {
    const packed = deflateRawSync(bytes);
    return Uint8Array.from([
      ...[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff],
      // The SAM specification, 4.1: subfield BC is the block's length less 1.
      ...[6, 0, 0x42, 0x43, 2, 0, ...littleEndian(packed.length + 25, 2)],
      ...packed,
      ...littleEndian(crc32(bytes), 4),
      ...littleEndian(bytes.length, 4),
    ]);
  };
  const rows = await fixture("rows.csv");
  const parts = [0, 1000, 2000, 3000, 4000].map((at) => rows.subarray(at, at + 1000));
  // An empty block is the end of such a file.
  const packed = joined(...parts.map(block), block(new Uint8Array()));
  expect(await unpack(packed)).toEqual(rows);
});

test("contents larger than what is handed on at a time come whole and in order", async () => {
  const bytes = new Uint8Array(900_000);
  for (let i = 0, state = 1; i < bytes.length; i++) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    // Some of it packs well, some does not.
    bytes[i] = i % 100_000 < 50_000 ? state >> 16 : 65 + i % 3;
  }
  const packed = joined(gzip(bytes), gzip(new Uint8Array(2 ** 17)), gzip(bytes, 1));
  const plain = joined(bytes, new Uint8Array(2 ** 17), bytes);
  for (const size of [999, 2 ** 20]) {
    expect(Buffer.compare(await unpack(packed, size), plain), `${size}`).toBe(0);
  }
});

test("what looks like a member within one is none", async () => {
  // Level 0 stores bytes as they are: headers stand in the packed data, one with a stream behind.
  const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);
  const bytes = joined(header, new Uint8Array(50).fill(0xff), header, new Uint8Array(9).fill(7));
  for (const size of [1, 7, 1000]) {
    expect(await unpack(joined(gzip(bytes, 0), gzip(bytes)), size)).toEqual(joined(bytes, bytes));
  }
});

test("a hundred thousand empty members are nothing, in seconds", async () => {
  const empty = gzip(new Uint8Array());
  const many = new Uint8Array(100_000 * empty.length);
  for (let at = 0; at < many.length; at += empty.length) many.set(empty, at);
  expect((await unpack(many)).length).toBe(0);
  expect(await unpack(joined(many.subarray(0, 200), gzip(text("a"))))).toEqual(text("a"));
}, 30_000);

test("gzip that is cut off is refused, wherever it is cut", async () => {
  const two = await fixture("two-members.gz");
  // Behind the first member it is whole.
  const first = two.indexOf(0x1f, 1 + two.findIndex((_, at) => at > 0 && two[at + 1] === 0x8b));
  for (let end = 2; end < two.length; end += 7) {
    if (end === first) continue;
    await expect(unpack(two.subarray(0, end)), `${end}`)
      .rejects.toThrow(`log: expected whole, intact gzip: it is cut off after ${end} bytes`);
  }
});

test("a flipped bit of a content or of its check values is refused, or changes nothing", async () => {
  const lines = text("a line of a log, and another\n".repeat(99));
  const member = gzip(lines);
  const two = joined(member, member);
  const header = 10;
  for (let at = header; at < two.length; at++) {
    if (at >= member.length && at < member.length + header) continue;
    for (const bit of [0, 5]) {
      const read = await unpack(two.with(at, two[at] ^ 1 << bit)).catch((error) => error);
      if (read instanceof Uint8Array) expect(read).toEqual(joined(lines, lines));
      else expect(read.message, `${at}`).toMatch(/^log: expected whole, intact gzip/);
    }
  }
  await expect(unpack(two.with(two.length - 6, two[two.length - 6] ^ 1))).rejects.toThrow(
    "log: expected whole, intact gzip: incorrect data check in member 2, near byte",
  );
  await expect(unpack(two.with(two.length - 1, 1))).rejects.toThrow("incorrect length check");
});

test("anything else behind the last member is refused", async () => {
  const member = gzip(text("a line\n"));
  const zeros = new Uint8Array(3);
  for (
    const junk of [text("garbage"), joined(zeros, text("g")), joined(zeros, member), text("\x1f?")]
  ) {
    for (const size of [1, 1000]) {
      await expect(unpack(joined(member, junk), size)).rejects.toThrow(
        "log: expected gzip and nothing else: more follows its end",
      );
    }
  }
});
