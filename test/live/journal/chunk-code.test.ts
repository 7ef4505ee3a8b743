import fc from "fast-check";
import { expect, test } from "vitest";
import { ChunkRecorder } from "../../../src/live/client/chunk-times.ts";
import { decodeChunks, encodeChunks } from "../../../src/live/journal/chunk-code.ts";

test("events of a stream come back as they were", () => {
  const event = fc.record({
    gap: fc.double({ min: 0, max: 5000, noNaN: true }),
    kind: fc.constantFrom("content", "role", "usage"),
    tokens: fc.option(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { freq: 20 }),
  });
  fc.assert(fc.property(fc.array(event), (events) => {
    const recorder = new ChunkRecorder();
    let at = 3;
    for (const { gap, kind, tokens } of events) recorder.add(at += gap, kind, tokens);
    const chunks = recorder.finish();
    expect(decodeChunks(encodeChunks(chunks))).toEqual(chunks);
  }));
});

test("a stream of 500 tokens takes less than 3 bytes an event", () => {
  const recorder = new ChunkRecorder();
  for (let i = 0; i < 500; i++) recorder.add(1 + i * 0.0123, "content", 1);
  expect(JSON.stringify(encodeChunks(recorder.finish())).length).toBeLessThan(1500);
});
