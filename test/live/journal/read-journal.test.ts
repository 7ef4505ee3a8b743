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
    const whole = lengths.filter((length) => length <= cut).length;
    expect(read?.entries.length ?? -1).toBe(whole - 1);
    expect(read?.wholeBytes ?? 0).toBe(lengths[whole - 1] ?? 0);
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
