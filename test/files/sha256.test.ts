import { expect, test } from "vitest";
import { sha256 } from "../../src/files/sha256.ts";

test("hashes are those of FIPS 180-2", async () => {
  expect(await sha256("abc")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  expect(await sha256(new Uint8Array(0))).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

test("a text is hashed as UTF-8", async () => {
  expect(await sha256("é")).toBe(await sha256(Uint8Array.of(0xc3, 0xa9)));
});
