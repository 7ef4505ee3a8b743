import fc from "fast-check";
import { expect, test } from "vitest";
import { azure } from "../../../../src/workload/readers/formats/azure.ts";
import { formatInstant, parseInstant } from "../../../../src/workload/readers/parsing/instant.ts";
import { readTrace, readWhole } from "../../../../src/workload/readers/read-trace.ts";

const HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
const bytesOf = (text: string) => new TextEncoder().encode(text);
const ticksOf = (text: string) => parseInstant(bytesOf(text), 0, bytesOf(text).length);

test("2023 has seven digits and no zone: gaps are exact to 0.1 µs", () => {
  const text = `${HEADER}\r\n2023-11-16 18:17:03.9799600,4808,10\r\n` +
    "2023-11-16 18:17:04.0319601,3180,8\r\n2023-11-17 00:00:00.0000000,1,1\r\n";
  const { workload: { requests, truth }, report } = readWhole(azure, text, "a.csv");
  expect([...requests.arrival]).toEqual([0, 0.0520001, 20_576.02004]);
  expect([...requests.promptTokens]).toEqual([4808, 3180, 1]);
  expect([...truth.outputTokens]).toEqual([10, 8, 1]);
  expect(report.assumptions[0]).toBe(
    "time 0 is that of the first request, 2023-11-16T18:17:03.9799600Z",
  );
});

test("2024 has six digits and a zone, 2025 counts images; a request without an answer is unserved", async () => {
  const text = "TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n" +
    "2024-05-10 00:00:00.009930+00:00,2,2162,5\n2024-05-10 02:00:00.009930+02:00,0,300,0\n" +
    "2024-05-10 00:00:01+00:00,1,2399,6\n";
  const { workload, unserved, report } = await readTrace(text, { source: "a.csv" });
  expect(report).toMatchObject({ format: "azure", rowsRead: 3, rowsKept: 2 });
  expect([...workload.requests.arrival]).toEqual([0, 0.99007]);
  expect(workload.requests.extra).toEqual({ NumImages: Int32Array.of(2, 1) });
  expect([...unserved!.requests.arrival]).toEqual([0]);
  expect([...unserved!.requests.promptTokens]).toEqual([300]);
});

test("an instant is that of JavaScript's dates, to the millisecond and beyond", () => {
  const from = Date.UTC(1987, 0, 1);
  const to = Date.UTC(2043, 0, 1);
  fc.assert(
    fc.property(
      fc.integer({ min: from, max: to }),
      fc.integer({ min: -14, max: 14 }),
      (at, zone) => {
        const text = new Date(at).toISOString();
        expect(ticksOf(text)).toBe((at - Date.UTC(2015, 0, 1)) * 10_000);
        const shifted = new Date(at + zone * 3_600_000).toISOString().slice(0, -1);
        const offset = `${zone < 0 ? "-" : "+"}${String(Math.abs(zone)).padStart(2, "0")}:00`;
        expect(ticksOf(`${shifted.replace("T", " ")}${offset}`)).toBe(ticksOf(text));
        expect(formatInstant(ticksOf(text))).toBe(text.replace("Z", "0000Z"));
      },
    ),
  );
});

test.each([
  ...["2023-02-29 00:00:00", "2023-13-01 00:00:00", "2023-00-01 00:00:00", "2023-01-00 00:00:00"],
  ...["2023-01-01 24:00:00", "2023-01-01 00:60:00", "2023-01-01 00:00:60", "2023-01-01"],
  ...["2023-01-01 00:00:00.", "2023-01-01 00:00:00.1234567890", "2023-01-01 00:00:00+0100"],
  ...["2023-01-01 00:00:00 ", "2023/01/01 00:00:00", "２０23-01-01 00:00:00", "1699999999", ""],
])("%j is no date and time", (text) => {
  expect(ticksOf(text)).toBeNaN();
  expect(() => readWhole(azure, `${HEADER}\n${text},1,1\n`, "a.csv"))
    .toThrow("a.csv, row 2, field TIMESTAMP: got");
});

test("a date that no log can have is refused, and of a request without an answer is none", () => {
  const good = "2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.9799600,7,3\n";
  for (
    const date of ["0001-01-01 00:00:00.0000000", "1970-01-01 00:00:00", "9999-12-31 23:59:59"]
  ) {
    expect(() => readWhole(azure, `${HEADER}\n${good}${date},110,27\n`, "a.csv")).toThrow(
      `a.csv, row 4, field TIMESTAMP: got "${date.slice(0, 10)}T`,
    );
    const failed = readWhole(azure, `${HEADER}\n${date},110,0\n${good}`, "a.csv");
    expect([...failed.workload.requests.arrival]).toEqual([0, 1]);
    expect(failed.unserved).toBeUndefined();
    expect(failed.report.setAside[0].rows).toBe(1);
  }
});

test("a request without an answer may have no time at all", () => {
  const text = `${HEADER}\n,9,0\n2023-11-16 18:17:03,4808,10\n2023-11-16 18:17:04,7,3\n`;
  const { workload, report } = readWhole(azure, text, "a.csv");
  expect([...workload.requests.arrival]).toEqual([0, 1]);
  expect(report).toMatchObject({ rowsRead: 3, rowsKept: 2, rowsRefused: 0 });
  expect(() => readWhole(azure, text.replace(",9,0", ",9,1"), "a.csv"))
    .toThrow('a.csv, row 2, field TIMESTAMP: got "", expected a date from 1990 to 2100');
});
