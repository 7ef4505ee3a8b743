import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { gunzip } from "../../src/files/gunzip.ts";

const packed = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

test("what was packed comes back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      expect(await gunzip(packed(bytes), "x.gz")).toEqual(new Uint8Array(bytes));
    }),
    { numRuns: 50 },
  );
});

test("gzip that is cut off is refused, wherever it is cut", async () => {
  const whole = packed(new TextEncoder().encode("req_id,client\n0,a\n".repeat(50)));
  for (let end = 0; end < whole.length; end += 3) {
    const error = await gunzip(whole.slice(0, end), "x.gz").catch((reason) => reason);
    expect(error, `${end} bytes`).toBeInstanceOf(InputError);
    expect(error.message).toMatch(/^x\.gz: expected whole, intact gzip: ./);
  }
});

test("a flipped bit of the content or the checksum is refused", async () => {
  const whole = packed(new TextEncoder().encode("req_id,client\n0,a\n".repeat(50)));
  for (let at = 12; at < whole.length; at++) {
    await expect(gunzip(whole.with(at, whole[at] ^ 1), "x.gz"), `byte ${at}`).rejects
      .toBeInstanceOf(InputError);
  }
});

test("a small file that unpacks to more than the limit is refused", async () => {
  const bomb = packed(new Uint8Array(5_000_000));
  expect(bomb.length).toBeLessThan(10_000);
  await expect(gunzip(bomb, "x.gz", { limitBytes: 1_000_000 })).rejects.toThrow(
    "x.gz: expected at most 1000000 bytes when unpacked",
  );
  expect((await gunzip(bomb, "x.gz", { limitBytes: 5_000_000 })).length).toBe(5_000_000);
});
