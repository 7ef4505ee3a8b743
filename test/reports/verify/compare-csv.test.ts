import { expect, test } from "vitest";
import { describeCsvDifference } from "../../../src/reports/verify/compare-csv.ts";

const CSV = 'policy,"p50, s",p99\nfifo,1,10\nsjf,2,-4\naging,0,\n';

test.each([
  ["the same text", CSV, null],
  [
    "one cell",
    CSV.replace("10", "10.1"),
    "1 cell, first at row 2, column p99: committed 10, now 10.1; " +
    "largest relative difference 0.0099 at row 2, column p99",
  ],
  [
    "cells in two rows: the first is told, and the largest",
    CSV.replace("1,10", "1.5,10").replace("-4", "4"),
    "2 cells, first at row 2, column p50, s: committed 1, now 1.5; " +
    "largest relative difference 2.0 at row 3, column p99",
  ],
  [
    "text, which has no relative difference",
    CSV.replace("fifo", "FIFO"),
    "1 cell, first at row 2, column policy: committed fifo, now FIFO",
  ],
  [
    "a number where there was none",
    CSV.replace("aging,0,\n", "aging,0,7\n"),
    "1 cell, first at row 4, column p99: committed nothing, now 7",
  ],
  [
    "a difference from 0, which is all of it",
    CSV.replace("aging,0", "aging,1e-9"),
    "1 cell, first at row 4, column p50, s: committed 0, now 1e-9; " +
    "largest relative difference 1.0 at row 4, column p50, s",
  ],
  ["a row more", `${CSV}srpt,1,1\n`, "rows: committed 3, now 4"],
  [
    "another column",
    CSV.replace("p99\n", "p95\n"),
    "columns: committed policy,p50, s,p99, now policy,p50, s,p95",
  ],
  ["other quotes", CSV.replace("fifo", '"fifo"'), "the same cells, written otherwise"],
])("describeCsvDifference tells %s", (_case, now, expected) => {
  expect(describeCsvDifference(CSV, now)).toBe(expected);
});

test("the last bit of a number is a difference and is told in proportion", () => {
  expect(describeCsvDifference("x\n0.1\n", "x\n0.10000000000000002\n")).toMatch(
    /largest relative difference 1\.4e-16 at row 2, column x$/,
  );
});
