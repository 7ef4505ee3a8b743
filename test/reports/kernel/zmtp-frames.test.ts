import fc from "fast-check";
import { expect, test } from "vitest";
import {
  encodeMessage,
  FrameReader,
  greeting,
  readyCommand,
} from "../../../src/reports/kernel/zmtp-frames.ts";

/** A byte stream that gives no more than `piece` bytes a read. */
function streamOf(bytes: Uint8Array, piece: number) {
  let at = 0;
  return {
    read(buffer: Uint8Array): Promise<number | null> {
      if (at === bytes.length) return Promise.resolve(null);
      const part = bytes.subarray(at, at + Math.min(piece, buffer.length));
      buffer.set(part);
      at += part.length;
      return Promise.resolve(part.length);
    },
  };
}

async function readMessage(reader: FrameReader): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  for (let more = true; more;) {
    const frame = await reader.frame();
    frames.push(frame.body);
    more = frame.more;
  }
  return frames;
}

const frames = fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 5 });

test("FrameReader gives back what encodeMessage wrote, however the bytes arrive", async () => {
  await fc.assert(fc.asyncProperty(frames, frames, fc.integer({ min: 1, max: 700 }), async (
    first,
    second,
    piece,
  ) => {
    const bytes = new Uint8Array([...encodeMessage(first), ...encodeMessage(second)]);
    const reader = new FrameReader(streamOf(bytes, piece));
    expect(await readMessage(reader)).toEqual(first);
    expect(await readMessage(reader)).toEqual(second);
  }));
});

test("FrameReader reads a frame that is larger than its buffer", async () => {
  const body = new Uint8Array(1_000_000).map((_, i) => i % 251);
  const reader = new FrameReader(streamOf(encodeMessage([body, new Uint8Array([7])]), 100_000));
  const [read, after] = await readMessage(reader);
  expect(Buffer.compare(read, body)).toBe(0);
  expect(after).toEqual(new Uint8Array([7]));
});

test("FrameReader throws when the stream ends inside a frame", async () => {
  const bytes = encodeMessage([new Uint8Array(300)]).subarray(0, 100);
  await expect(new FrameReader(streamOf(bytes, 50)).frame()).rejects.toThrow("closed");
});

test("encodeMessage uses the short form up to 255 bytes and the long form above", () => {
  expect([...encodeMessage([new Uint8Array(255)])].slice(0, 2)).toEqual([0, 255]);
  expect([...encodeMessage([new Uint8Array(256)])].slice(0, 9))
    .toEqual([0x02, 0, 0, 0, 0, 0, 0, 1, 0]);
});

test("greeting() and readyCommand() are the bytes of ZMTP 3.0 with the NULL mechanism", () => {
  const bytes = greeting();
  expect(bytes.length).toBe(64);
  expect([bytes[0], bytes[9], bytes[10], bytes[11]]).toEqual([0xff, 0x7f, 3, 0]);
  expect(new TextDecoder().decode(bytes.subarray(12, 16))).toBe("NULL");
  const ready = readyCommand("SUB");
  expect([ready[0], ready[1]]).toEqual([0x04, ready.length - 2]);
  expect(new TextDecoder().decode(ready.subarray(2))).toBe("\x05READY\x0bSocket-Type\0\0\0\x03SUB");
});
