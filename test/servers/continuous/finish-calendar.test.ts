import fc from "fast-check";
import { expect, test } from "vitest";
import { FinishCalendar } from "../../../src/servers/continuous/finish-calendar.ts";

test("the calendar finds the next entry, takes it and lets go like a sorted list", () => {
  const commands = fc.array(
    fc.record({
      what: fc.constantFrom("add", "add", "remove", "advance"),
      slot: fc.nat(39),
      after: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4000 })),
    }),
    { minLength: 1, maxLength: 200 },
  );
  const starts = fc.constantFrom(0, 31, 1023, 4095, 2 ** 31 - 3, 2 ** 32 + 4090);
  fc.assert(
    fc.property(commands, starts, (list, start) => {
      const calendar = new FinishCalendar(40, 4000);
      const entries = new Map<number, number>();
      let clock = start;
      for (const { what, slot, after } of list) {
        if (what === "add" && !entries.has(slot)) {
          calendar.add(slot, clock + after);
          entries.set(slot, clock + after);
        } else if (what === "remove" && entries.has(slot)) {
          calendar.remove(slot, entries.get(slot)!);
          entries.delete(slot);
        } else if (what === "advance" && entries.size > 0) {
          const next = Math.min(...entries.values());
          expect(calendar.stepsToNext(clock)).toBe(next - clock);
          clock = next;
          const due = [...entries].filter(([, at]) => at === clock).map(([slot]) => slot);
          const taken: number[] = [];
          for (let s = calendar.takeAt(clock); s >= 0; s = calendar.takeAt(clock)) taken.push(s);
          expect(taken.sort((a, b) => a - b)).toEqual(due.sort((a, b) => a - b));
          for (const slot of due) entries.delete(slot);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("an empty calendar has no next entry", () => {
  expect(() => new FinishCalendar(4, 100).stepsToNext(0)).toThrow("empty");
});
