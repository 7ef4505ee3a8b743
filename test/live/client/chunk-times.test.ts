import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK_KINDS, chunkInstants, ChunkRecorder } from "../../../src/live/client/chunk-times.ts";

test("every instant comes back within half a microsecond, however many events there are", () => {
  const gaps = fc.array(fc.double({ min: 0, max: 4000, noNaN: true }), { maxLength: 300 });
  fc.assert(fc.property(fc.double({ min: 0, max: 1e5, noNaN: true }), gaps, (first, gaps) => {
    const recorder = new ChunkRecorder();
    const instants = [first];
    for (const gap of gaps) instants.push(instants[instants.length - 1] + gap);
    for (const instant of instants) recorder.add(instant, "content", 1);
    const back = chunkInstants(recorder.finish());
    expect(back.length).toBe(instants.length);
    for (let i = 0; i < back.length; i++) {
      expect(Math.abs(back[i] - instants[i])).toBeLessThan(0.51e-6);
    }
  }));
});

test("kinds and tokens stand beside the instants; one event without a count leaves none", () => {
  const recorder = new ChunkRecorder();
  recorder.add(1, "role", 0);
  recorder.add(1.5, "content", 2);
  recorder.add(1.75, "usage", 0);
  const chunks = recorder.finish();
  expect(Array.from(chunks.kinds, (code) => CHUNK_KINDS[code])).toEqual([
    "role",
    "content",
    "usage",
  ]);
  expect([...chunks.gaps]).toEqual([500_000, 250_000]);
  expect([...chunks.tokens!]).toEqual([0, 2, 0]);
  recorder.add(2, "content", null);
  expect(recorder.finish().tokens).toBeNull();
});

test("a gap of hours is kept as the longest there is, and the rest still stand", () => {
  const recorder = new ChunkRecorder();
  for (const instant of [0, 10_000, 10_001]) recorder.add(instant, "content", 1);
  expect([...recorder.finish().gaps]).toEqual([2 ** 32 - 1, 1_000_000]);
});
