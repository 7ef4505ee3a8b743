import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDateText } from "../../../../src/workload/readers/parsing/date-text.ts";
import { EPOCH_DAYS, TICKS } from "../../../../src/workload/readers/parsing/instant.ts";
import { TimeColumn, ZERO_TIME } from "../../../../src/workload/readers/parsing/time-column.ts";

/** Ticks by the engine's own calendar. */
const ticksOf = (date: string) => (Date.parse(date) - EPOCH_DAYS * 86_400_000) * (TICKS / 1000);

/** Reads a text of a row that is good. */
function read(times: TimeColumn, value: string | number): number | undefined {
  const time = typeof value === "string" ? times.parseText(value) : times.parseNumber(value);
  times.keep();
  return time;
}

test("nanoseconds since 1970 lose nothing: differences are those of whole numbers of any size", () => {
  const nanoseconds = fc.bigInt({
    min: 1_600_000_000n * 10n ** 9n,
    max: 2_000_000_000n * 10n ** 9n,
  });
  fc.assert(fc.property(nanoseconds, fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), (a, b) => {
    const times = new TimeColumn();
    expect(read(times, String(a))).toBe(0);
    expect(read(times, String(a + b))).toBe(Number(b));
    expect(times.reference).toBe(a);
  }));
});

test("a fraction is added to an exact difference, in texts and in numbers", () => {
  const times = new TimeColumn();
  expect(read(times, "1700000000.25")).toBe(0.25);
  expect(read(times, "1700000003.123456789")).toBe(3.123456789);
  expect(read(times, 1700000003.5)).toBe(3.5);
  // The double nearest to this is 1.2e-7 off; its shortest text is what was written.
  expect(read(times, 1700000003.123457)).toBe(3.123457);
  expect(read(times, 1700000004)).toBe(4);
  expect(read(times, "1.700000005e9")).toBe(5);
  expect(times.reference).toBe(1_700_000_000n);
  expect(times.form).toBe("number");
});

test("zero, negative and blank values", () => {
  const times = new TimeColumn();
  for (const blank of ["", "-", "null", "NaN", "None"]) expect(read(times, blank)).toBe(NaN);
  expect(times.form).toBeUndefined();
  expect(read(times, "0.000")).toBe(ZERO_TIME);
  expect(read(times, "-1.5")).toBe(-0.5);
  expect(read(times, "2")).toBe(3);
  expect(times.reference).toBe(-1n);
});

test("what is no time is refused and leaves no trace", () => {
  const times = new TimeColumn();
  const bad = [".", "1.2.3", "+1", "0x10", "1e999", "9".repeat(22), "2025-13-01T00:00:00Z", "x"];
  for (const text of bad) expect(read(times, text), text).toBeUndefined();
  expect(read(times, Infinity)).toBeUndefined();
  expect(times.form).toBeUndefined();
  read(times, "5");
  expect(read(times, "2025-11-16T18:17:03Z")).toBeUndefined();
  const dates = new TimeColumn();
  read(dates, "2025-11-16T18:17:03Z");
  expect(read(dates, "5")).toBeUndefined();
  expect(read(dates, 5)).toBeUndefined();
});

test("a value of a row that is refused counts for nothing", () => {
  const times = new TimeColumn();
  times.parseText("1e9");
  times.parseText("2025-11-16T18:17:03Z");
  expect([times.form, times.reference]).toEqual([undefined, 0n]);
  times.keep();
  expect([times.form, times.zones]).toEqual(["iso", { some: true, none: false }]);
});

test("years before 1970 and after 2199 are no dates of requests", () => {
  const times = new TimeColumn();
  for (const year of ["0001", "1969", "2200", "9999"]) {
    expect(read(times, `${year}-06-01T00:00:00Z`), year).toBeUndefined();
  }
});

test("it is told whether dates have zones", () => {
  const times = new TimeColumn();
  read(times, "2025-11-16 18:17:03");
  expect(times.zones).toEqual({ some: false, none: true });
  read(times, "2025-11-16T18:17:03.25+01:00");
  expect(times.zones).toEqual({ some: true, none: true });
  const zoned = new TimeColumn();
  read(zoned, "2025-11-16T18:17:03Z");
  read(zoned, "2025-11-16T18:17:03-0500");
  expect(zoned.zones).toEqual({ some: true, none: false });
});

describe("texts of dates", () => {
  test.each(
    [
      ["iso", "2025-11-16T18:17:03Z", "2025-11-16T18:17:03Z"],
      ["iso", "2025-11-16T18:17:03.979000+00:00", "2025-11-16T18:17:03.979Z"],
      ["iso", "2025-11-16 18:17:03.979 +0100", "2025-11-16T17:17:03.979Z"],
      ["iso", "2025-11-16 18:17:03,979", "2025-11-16T18:17:03.979Z"],
      ["iso", "2025-11-16 18:17:03 UTC", "2025-11-16T18:17:03Z"],
      ["iso", "2025-11-16 18:17:03.979 +0000 UTC", "2025-11-16T18:17:03.979Z"],
      ["iso", "2025-11-16 18:17:03 +0100 CET", "2025-11-16T17:17:03Z"],
      ["iso", "2025-11-16T18:17+05:30", "2025-11-16T12:47:00Z"],
      ["iso", "2024-02-29T23:59:59-08", "2024-03-01T07:59:59Z"],
      ["dmy", "16/11/2025 18:17:03", "2025-11-16T18:17:03Z"],
      ["dmy", "6.1.2025 8:05", "2025-01-06T08:05:00Z"],
      ["mdy", "11/16/2025 6:17:03 PM", "2025-11-16T18:17:03Z"],
      ["mdy", "1/6/2025, 12:00:00 AM", "2025-01-06T00:00:00Z"],
      ["clf", "16/Nov/2025:18:17:03 +0200", "2025-11-16T16:17:03Z"],
      ["clf", "[16/Nov/2025:18:17:03 +0000]", "2025-11-16T18:17:03Z"],
    ] as const,
  )("%s %s", (form, text, same) => {
    expect(parseDateText(text, form)?.ticks).toBe(ticksOf(same));
  });

  test.each(
    [
      ["iso", "2025-02-29T00:00:00Z"],
      ["iso", "2025-11-16"],
      ["iso", "2025-11-16T24:00:00Z"],
      ["iso", "2025-11-16T18:17:03+24:00"],
      ["dmy", "11/16/2025 18:17:03"],
      ["mdy", "16/11/2025 18:17:03"],
      ["mdy", "11/16/2025 13:00 PM"],
      ["clf", "16/Foo/2025:18:17:03 +0000"],
    ] as const,
  )("%s %s is none", (form, text) => {
    expect(parseDateText(text, form)).toBeUndefined();
  });
});
