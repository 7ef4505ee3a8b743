import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteSource } from "../../../../src/workload/readers/parsing/byte-source.ts";
import { inChunks } from "../support/packed.ts";

const bytes = Uint8Array.from({ length: 60 }, (_, i) => i);

test("what is taken, looked at and skipped is the file's bytes in order, however it is cut", async () => {
  const step = fc.record({
    how: fc.constantFrom("take" as const, "peek" as const, "skip" as const, "takeChunk" as const),
    size: fc.nat(25),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.integer({ min: 1, max: 70 }),
      async (steps, chunk) => {
        const source = new ByteSource(inChunks(bytes, chunk), "x");
        let at = 0;
        for (const { how, size } of steps) {
          const left = bytes.length - at;
          if (how === "skip") {
            expect(await source.skip(size)).toBe(size <= left);
            at += Math.min(size, left);
          } else if (how === "takeChunk") {
            const taken = await source.takeChunk();
            if (left === 0) expect(taken).toBeUndefined();
            else expect(taken).toEqual(bytes.subarray(at, at + taken!.length));
            expect(taken?.length).not.toBe(0);
            at += taken?.length ?? 0;
          } else {
            expect(await source[how](size)).toEqual(bytes.subarray(at, at + size));
            if (how === "take") at += Math.min(size, left);
          }
          expect(source.taken).toBe(at);
          expect(source.read).toBeGreaterThanOrEqual(at);
        }
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});

test("a megabyte in chunks of a byte is put together in one go", async () => {
  const many = new Uint8Array(2 ** 20).map((_, i) => i);
  const source = new ByteSource(inChunks(many, 1), "x");
  expect(Buffer.compare(await source.take(many.length), many)).toBe(0);
}, 30_000);

test("closing it closes what it reads", async () => {
  let closed = false;
  const source = new ByteSource(
    (async function* () {
      try {
        yield bytes;
        yield bytes;
      } finally {
        closed = true;
      }
    })(),
    "x",
  );
  await source.take(1);
  await source.close();
  expect(closed).toBe(true);
});
