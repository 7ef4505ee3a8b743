import fc from "fast-check";
import { expect, test } from "vitest";
import {
  LineBlocks,
  lineEnd,
  LONGEST_LINE,
} from "../../../../src/workload/readers/parsing/line-blocks.ts";

const encoder = new TextEncoder();

/** The lines that come out, and where the input was refused. */
function linesOf(chunks: Iterable<Uint8Array>, end = true): string[] {
  const lines: string[] = [];
  const blocks = new LineBlocks("log", (bytes, start, end) => {
    for (let at = start; at < end;) {
      const next = lineEnd(bytes, at, end);
      lines.push(new TextDecoder().decode(bytes.subarray(at, next)).replace(/[\r\n]+$/, ""));
      at = next;
    }
  }, () => lines.length);
  for (const chunk of chunks) blocks.push(chunk);
  if (end) blocks.end();
  return lines;
}

test("lines come whole, whatever ends them and however the chunks are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: fc.constantFrom("a", "b", "é"), maxLength: 6 }))),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.integer({ min: 1, max: 9 }),
      (words, ending, size) => {
        const lines = words.map(([word]) => word);
        const bytes = encoder.encode(lines.map((line) => `${line}${ending}`).join(""));
        const chunks = Array.from(
          { length: Math.ceil(bytes.length / size) },
          (_, i) => bytes.subarray(i * size, (i + 1) * size),
        );
        expect(linesOf(chunks)).toEqual(lines);
      },
    ),
    { seed: 3 },
  );
});

test("a line without an end is refused as soon as it is too long, by its row", () => {
  const chunk = new Uint8Array(2 ** 20).fill(0x31);
  let given = 0;
  const endless = function* () {
    yield encoder.encode("header\nfirst\n");
    for (;; given++) yield chunk;
  };
  expect(() => linesOf(endless())).toThrow(
    `log, row 3: expected lines of at most ${LONGEST_LINE} bytes`,
  );
  expect(given).toBe(LONGEST_LINE / chunk.length);
});
