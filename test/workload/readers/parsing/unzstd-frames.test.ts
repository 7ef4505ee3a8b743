import { expect, test } from "vitest";
import { unpacked } from "../../../../src/workload/readers/parsing/unpack.ts";
import {
  fixture,
  joined,
  littleEndian,
  unpack,
  zstdBlock,
  zstdBomb,
  zstdHeader,
} from "../support/packed.ts";

const text = (content: string) => new TextEncoder().encode(content);
/** A frame of one block whose window is its content, with a length of one byte. */
const single = (content: string, claimed = content.length) =>
  joined(
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, claimed),
    zstdBlock({ raw: text(content) }, true),
  );
const skippable = (kind: number, content: string) =>
  joined(Uint8Array.of(0x50 + kind, 0x2a, 0x4d, 0x18, content.length, 0, 0, 0), text(content));

test("what zstd itself packed, in one frame or two, unpacks to its rows", async () => {
  const rows = await fixture("rows.csv");
  for (const name of ["checksum.zst", "two-frames.zst"]) {
    for (const size of [1, 13, 4096]) {
      expect(await unpack(await fixture(name), size), `${name} ${size}`).toEqual(rows);
    }
  }
});

test("a flipped bit is refused where there is a checksum, or changes nothing", async () => {
  const rows = await fixture("rows.csv");
  const packed = await fixture("checksum.zst");
  for (let at = 4; at < packed.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const read = await unpack(packed.with(at, packed[at] ^ 1 << bit)).catch((error) => error);
      if (read instanceof Uint8Array) expect(read, `${at}`).toEqual(rows);
      else expect(read.message, `${at}`).toMatch(/^log: expected /);
    }
  }
}, 60_000);

test("zstd that is cut off is refused, wherever it is cut", async () => {
  const packed = await fixture("checksum.zst");
  for (let end = 4; end < packed.length; end += 7) {
    await expect(unpack(packed.subarray(0, end)), `${end}`)
      .rejects.toThrow(`log: expected whole, intact zstd: it is cut off after ${end} bytes`);
  }
  const two = joined(single("a"), single("b"));
  for (let cut = 1; cut < single("b").length; cut++) {
    await expect(unpack(two.subarray(0, two.length - cut)), `${cut}`)
      .rejects.toThrow("whole, intact zstd: it is cut off");
  }
  await expect(unpack(joined(single("a"), skippable(0, "note").subarray(0, 10))))
    .rejects.toThrow("whole, intact zstd: it is cut off");
});

test("anything else behind the last frame is refused", async () => {
  for (const junk of ["g", "garbage", "\0\0\0\0"]) {
    await expect(unpack(joined(single("a"), text(junk)))).rejects.toThrow(
      "log: expected zstd and nothing else: more follows its end",
    );
  }
});

test("skippable and empty frames are nothing, first, last and in between", async () => {
  const packed = joined(
    skippable(3, "made by me"),
    single("one, "),
    single(""),
    joined(zstdHeader(27), zstdBlock({ raw: new Uint8Array() }, true)),
    skippable(0, ""),
    single("two"),
    skippable(15, "end"),
  );
  for (const size of [1, 5, 1000]) {
    expect(await unpack(packed, size)).toEqual(text("one, two"));
  }
  expect(await unpack(skippable(0, "nothing else"))).toEqual(new Uint8Array());
});

test("a hundred thousand frames, empty or of a byte, take seconds", async () => {
  for (const content of ["", "a"]) {
    const frame = single(content);
    const many = new Uint8Array(100_000 * frame.length);
    for (let at = 0; at < many.length; at += frame.length) many.set(frame, at);
    expect((await unpack(many, many.length)).length).toBe(100_000 * content.length);
  }
}, 60_000);

test("one byte many times, and empty blocks, are what they say", async () => {
  const packed = joined(
    zstdHeader(17),
    zstdBlock({ raw: new Uint8Array() }, false),
    zstdBlock({ byte: 0x61, size: 70_000 }, false),
    zstdBlock({ raw: new Uint8Array() }, false),
    zstdBlock({ raw: text("b") }, false),
    zstdBlock({ byte: 0x63, size: 0 }, true),
  );
  expect(new TextDecoder().decode(await unpack(packed))).toBe(`${"a".repeat(70_000)}b`);
});

test("a window above 128 MiB and a dictionary are refused, with the way out", async () => {
  await expect(unpack(await fixture("long.zst"))).rejects.toThrow(
    "log: expected zstd with a window of at most 134217728 bytes: this one's is 2147483648 " +
      "(--long or --ultra). Unpack it first: zstd -d --long=31",
  );
  await expect(unpack(await fixture("dictionary.zst"))).rejects.toThrow(
    /^log: expected zstd without a dictionary: this needs number \d+\. Unpack it first/,
  );
  const largest = joined(zstdHeader(27), zstdBlock({ raw: text("a") }, true));
  expect(await unpack(largest)).toEqual(text("a"));
  // A length of four bytes is the window of a frame without one.
  const claims = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0, ...littleEndian(2 ** 27 + 1, 4));
  await expect(unpack(claims)).rejects.toThrow("a window of at most 134217728 bytes");
});

test("a frame that is not what it says is refused", async () => {
  const cases: [Uint8Array, string][] = [
    [single("abc", 2), "a block that cannot be"],
    [single("abc", 4), "3 bytes and not the 4 that it says"],
    [joined(zstdHeader(17), zstdBlock({ byte: 0, size: 2 ** 17 + 1 }, true)), "a block that"],
    [joined(zstdHeader(10), zstdBlock({ byte: 0, size: 1025 }, true)), "a block that cannot be"],
    [joined(zstdHeader(17), Uint8Array.of(7, 0, 0)), "a block that cannot be"],
    [joined(zstdHeader(17), Uint8Array.of(5, 0, 0)), "a block that cannot be"],
    [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 8, 0, 1, 0, 0), "a reserved bit is set"],
  ];
  for (const [packed, why] of cases) {
    await expect(unpack(packed), why).rejects.toThrow(/^log: expected whole, intact zstd: near/);
    await expect(unpack(packed)).rejects.toThrow(why);
  }
});

test("blocks are unpacked when they are asked for, and no sooner", async () => {
  // 13 GB, were it unpacked.
  const bomb = zstdBomb("a\n", "1", 100_000);
  let taken = 0;
  const chunks = (async function* () {
    for (let at = 0; at < bomb.length; at += 1000) {
      taken = at;
      yield bomb.subarray(at, at + 1000);
    }
  })();
  let parts = 0;
  for await (const part of unpacked(chunks, "bomb.zst")) {
    expect(part.length).toBeLessThanOrEqual(2 ** 17);
    if (++parts === 100) break;
  }
  expect(taken).toBeLessThan(1000);
});

test("blocks of next to nothing behind a large window are refused before they take minutes", async () => {
  const block = zstdBlock({ byte: 97, size: 1 }, false);
  const blocks = Array.from({ length: 15_000 }, () => block);
  const bomb = joined(zstdHeader(27), ...blocks, zstdBlock({ byte: 97, size: 1 }, true));
  const start = performance.now();
  await expect(unpack(bomb)).rejects.toThrow("they hold next to nothing. Unpack it first: zstd -d");
  expect(performance.now() - start).toBeLessThan(20_000);
  // The same behind a small window is quick, and read.
  const small = joined(zstdHeader(17), ...blocks, zstdBlock({ byte: 97, size: 1 }, true));
  expect((await unpack(small)).length).toBe(15_001);
});
