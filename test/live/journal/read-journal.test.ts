import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import type { Entry } from "../../../src/live/journal/entry.ts";
import { readJournal } from "../../../src/live/journal/read-journal.ts";
import { measured } from "../support/measured.ts";
import { HEADER, journalBytes } from "./support.ts";

const entries: readonly Entry[] = [
  { kind: "session", at: 0, session: 1, epochSeconds: 1.7e9 },
  { kind: "phase", at: 0, phase: 0 },
  { kind: "arrived", at: 0.1, request: 0, late: 1e-4 },
  { kind: "sent", at: 0.1, request: 0, attempt: 1, server: 0 },
  {
    kind: "completed",
    at: 0.1 + 0.2,
    request: 0,
    attempt: 1,
    measured: measured({
      firstToken: 0.25,
      completionTokens: 7,
      serverMetrics: { queueTime: null },
    }),
  },
  { kind: "rejected", at: 1, request: 1, reason: "http-400", message: "schön", measured: null },
];
const bytes = journalBytes(entries);
const lengths = [HEADER, ...entries].map((_, i) => journalBytes(entries.slice(0, i)).length);

test("what was written comes back, numbers to the bit", () => {
  const read = readJournal(bytes, "j")!;
  expect(read.header).toEqual(HEADER);
  expect(read.entries).toEqual(entries);
  expect(read.wholeBytes).toBe(bytes.length);
});

test("cut after any byte, the whole lines remain", () => {
  for (let cut = 0; cut <= bytes.length; cut++) {
    const read = readJournal(bytes.subarray(0, cut), "j");
    // A line that lacks nothing but its line end is whole.
    const whole = lengths.filter((length) => length <= cut + 1).length;
    expect(read?.entries.length ?? -1).toBe(whole - 1);
    expect(read?.wholeBytes ?? 0).toBe(Math.min(lengths[whole - 1] ?? 0, cut));
    expect(read?.unended ?? false).toBe(lengths.includes(cut + 1));
  }
});

function refusedRow(damaged: Uint8Array): number | undefined {
  try {
    readJournal(damaged, "j");
  } catch (error) {
    return (error as InputError).problems[0].row;
  }
}

test("any changed byte but of a torn last line is refused with its row", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: bytes.length - 2 }),
      fc.integer({ min: 1, max: 255 }),
      (at, flip) => {
        const damaged = bytes.slice();
        damaged[at] ^= flip;
        // In the last line a NUL up to the end of a sector is what a power failure leaves.
        fc.pre(damaged[at] !== 0 || (at + 1) % 512 !== 0);
        const row = 1 + lengths.filter((length) => length <= at).length;
        // A line end that went missing makes one line of two, a new one two of one.
        const found = refusedRow(damaged);
        expect(found).toBe(row);
      },
    ),
  );
});

test.each([
  ["lost", (lines: string[]) => lines.toSpliced(2, 1), 3],
  ["doubled", (lines: string[]) => lines.toSpliced(2, 0, lines[2]), 4],
  ["moved", (lines: string[]) => [...lines.slice(0, 2), lines[3], lines[2], ...lines.slice(4)], 3],
])("a line that was %s is found", (_what, change, row) => {
  const lines = new TextDecoder().decode(bytes).split("\n");
  expect(refusedRow(new TextEncoder().encode(change(lines).join("\n")))).toBe(row);
});

test("a file of something else is refused", () => {
  expect(refusedRow(new TextEncoder().encode("request_id,tenant\n1,2\n"))).toBe(1);
});

const text = new TextDecoder().decode(bytes);
const encode = (changed: string) => new TextEncoder().encode(changed);
const TAIL = '{"kind":"sent","at":0.1,"req';

test.each([
  ["with \\r\\n for \\n", encode(text.replaceAll("\n", "\r\n")), 1],
  ["with a byte order mark", encode(`\ufeff${text}`), 1],
  ["in UTF-16", new Uint8Array(Uint16Array.from(text, (sign) => sign.charCodeAt(0)).buffer), 1],
  ["whose last line end became another byte", encode(`${text.slice(0, -1)}X`), 7],
  ["whose last line end became \\r", encode(`${text.slice(0, -1)}\r`), 7],
  ["with another text behind it", encode(`${text}Hello`), 8],
  ["with another JSON object behind it", encode(`${text}{"kind":"other","at":1`), 8],
  ["with a whole object that has no checksum behind it", encode(`${text}{"kind":"in","at":1}`), 8],
  ["with half a line in spaced JSON behind it", encode(`${text}{"kind":"in","at":1, "s`), 8],
  ["with control characters behind it", encode(`${text}${TAIL}\u0001`), 8],
  ["with a picture behind it", encode(`${text}\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0`), 8],
  ["with NULs and another text behind it", encode(`${text}\0\0\0Hello\n{"a":1}\n`), 8],
])("a journal %s is refused, not cut", (_what, changed, row) => {
  expect(refusedRow(changed)).toBe(row);
});

test("the refusal says how to go on from the lines that are whole", () => {
  const read = () => readJournal(encode(`${text}Hello`), "j");
  expect(read).toThrow("Nothing was changed");
  expect(read).toThrow(`cut it after ${bytes.length} bytes`);
});

test("half a line behind the whole ones is left out, wherever it is cut", () => {
  const whole = new TextDecoder().decode(journalBytes(entries));
  for (let row = 1; row < lengths.length; row++) {
    for (let cut = lengths[row - 1] + 1; cut < lengths[row] - 1; cut++) {
      const read = readJournal(bytes.subarray(0, cut), "j")!;
      expect(read.tail, whole.slice(lengths[row - 1], cut)).toBe("half");
      expect(read.entries).toHaveLength(row - 1);
    }
  }
});
