import { expect, test } from "vitest";
import { azure } from "../../../../src/workload/readers/formats/azure.ts";
import { azureResaved } from "../../../../src/workload/readers/formats/azure-resaved.ts";
import { headOf } from "../../../../src/workload/readers/parsing/head.ts";
import { readWhole } from "../../../../src/workload/readers/read-whole.ts";

const HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
const isResaved = (text: string) =>
  azureResaved.recognise(headOf(new TextEncoder().encode(text), true)) !== undefined;
const file = (...dates: string[]) => HEADER + dates.map((at) => `${at},374,44\n`).join("");
const read = (text: string, options = {}) => readWhole(azureResaved, text, "a.csv", options);
const arrivals = (text: string, options = {}) => [
  ...read(text, options).workload.requests.arrival,
];
const said = (text: string) => read(text).report.assumptions.join("\n");

test("a number above twelve tells the day from the month", () => {
  expect(arrivals(file("16/11/2023 18:15", "16/11/2023 18:16"))).toEqual([0, 60]);
  expect(arrivals(file("11/16/2023 6:15 PM", "11/16/2023 6:15:30 PM"))).toEqual([0, 30]);
  expect(arrivals(file("16.11.2023 18:15:03", "16.11.2023 18:15:05"))).toEqual([0, 2]);
});

test("midnight and noon are where the half of the day puts them", () => {
  // 00:01, 12:01 and 13:01.
  const day = file("1/16/2023 12:01 AM", "1/16/2023 12:01 PM", "1/16/2023 1:01 PM");
  expect(arrivals(day)).toEqual([0, 12 * 3600, 13 * 3600]);
});

test("the whole column tells, however late", () => {
  const early = Array.from({ length: 9000 }, () => "05/11/2023 18:15");
  const column = arrivals(file(...early, "16/11/2023 18:15"));
  // From 5 to 16 November.
  expect(column[9000]).toBe(11 * 86_400);
  expect(said(file(...early, "16/11/2023 18:15"))).toContain("have the day first");
});

test("where none is above twelve the file is refused, and the option tells", () => {
  const text = file("5/11/2023 18:15", "6/11/2023 18:15");
  expect(() => arrivals(text)).toThrow('a.csv, row 2, field TIMESTAMP: got "5/11/2023 18:15"');
  expect(() => arrivals(text)).toThrow("--option dates=dmy");
  expect(arrivals(text, { dates: "dmy" })).toEqual([0, 86_400]);
  // From 11 May to 11 June.
  expect(arrivals(text, { dates: "mdy" })).toEqual([0, 31 * 86_400]);
  // Both readings are the same.
  expect(arrivals(file("5/5/2023 18:15", "5/5/2023 18:16"))).toEqual([0, 60]);
});

test("two orders in one file are refused by the row that is of the other", () => {
  expect(() => arrivals(file("5/11/2023 18:15", "16/11/2023 18:15", "11/16/2023 18:15"))).toThrow(
    'a.csv, row 4, field TIMESTAMP: got "11/16/2023 18:15", expected a date in the order',
  );
  expect(() => arrivals(file("16/11/2023 18:15"), { dates: "mdy" })).toThrow("the month first");
});

test("dates without seconds in ISO order are read too", () => {
  expect(arrivals(file("2023-11-16 18:15", "2023-11-16 18:17"))).toEqual([0, 120]);
});

test("whole minutes are said to be coarse, and only they", () => {
  expect(said(file("16/11/2023 18:15", "16/11/2023 18:16"))).toContain("times are whole minutes");
  expect(said(file("16/11/2023 18:15:01", "16/11/2023 18:16:00"))).not.toContain("whole minutes");
});

test("images are kept, and a request without an answer needs no date", () => {
  const text = "TIMESTAMP;NumImages;ContextTokens;GeneratedTokens\n16/11/2023 18:15;2;374;44\n" +
    ";1;5;0\n16/11/2023 18:16;0;396.0;109\n";
  const { workload, unserved, report } = read(text);
  expect([...workload.requests.arrival]).toEqual([0, 60]);
  expect([...workload.requests.extra!.NumImages as Int32Array]).toEqual([2, 0]);
  expect(unserved).toBeUndefined();
  expect(report.setAside).toEqual([
    { reason: "requests without an answer (no generated tokens)", rows: 1 },
  ]);
});

test.each([
  ["15:46.7", "the day and the hour are lost"],
  ["31/02/2023 18:15", "a date and time like"],
  ["0/1/1900 0:00", "a date and time like"],
])("%j is no date", (date, expected) => {
  expect(() => arrivals(file("16/11/2023 18:15", date))).toThrow(expected);
});

test("the original and the re-saved file are told apart", () => {
  const dates = ["16/11/2023 18:15", "2023-11-16 18:15", "15:46.7", "2023-11-16 18:15:46.6805900"];
  const heads = dates.map((date) => headOf(new TextEncoder().encode(file(date)), true));
  const resaved = heads.map((head) => azureResaved.recognise(head) !== undefined);
  expect(resaved).toEqual([true, true, true, false]);
  expect(heads.map((head) => azure.recognise(head) === undefined)).toEqual(resaved);
  // Without a time in the first row, and with a comma within quotes.
  expect(isResaved(`${HEADER},5,0\n"11/16/2023, 6:15 PM",374,44\n`)).toBe(true);
});
