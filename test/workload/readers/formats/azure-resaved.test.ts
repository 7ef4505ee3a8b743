import { expect, test } from "vitest";
import { azure } from "../../../../src/workload/readers/formats/azure.ts";
import { azureResaved } from "../../../../src/workload/readers/formats/azure-resaved.ts";
import { headOf } from "../../../../src/workload/readers/parsing/head.ts";
import { readWhole } from "../../../../src/workload/readers/read-whole.ts";

const file = (...dates: string[]) =>
  `TIMESTAMP,ContextTokens,GeneratedTokens\n${dates.map((at) => `${at},374,44\n`).join("")}`;
const arrivals = (
  text: string,
  options = {},
) => [...readWhole(azureResaved, text, "a.csv", options).workload.requests.arrival];

test("a number above twelve tells the day from the month", () => {
  expect(arrivals(file("16/11/2023 18:15", "16/11/2023 18:16"))).toEqual([0, 60]);
  expect(arrivals(file("11/16/2023 6:15 PM", "11/16/2023 6:15:30 PM"))).toEqual([0, 30]);
});

test("where none is above twelve the file is refused, and the option tells", () => {
  const text = file("5/11/2023 18:15", "6/11/2023 18:15");
  expect(() => arrivals(text)).toThrow("--option dates=dmy");
  expect(arrivals(text, { dates: "dmy" })).toEqual([0, 86_400]);
  // From 11 May to 11 June.
  expect(arrivals(text, { dates: "mdy" })).toEqual([0, 31 * 86_400]);
});

test("the original and the re-saved file are told apart", () => {
  const heads = [file("16/11/2023 18:15"), file("2023-11-16 18:15:46.6805900")]
    .map((text) => headOf(new TextEncoder().encode(text), true));
  expect(heads.map((head) => azureResaved.recognise(head) !== undefined)).toEqual([true, false]);
  expect(heads.map((head) => azure.recognise(head) !== undefined)).toEqual([false, true]);
});
