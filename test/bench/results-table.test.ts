import { expect, test } from "vitest";
import { resultsTable } from "../../src/bench/results-table.ts";

test("results stand in aligned columns, with the bar beside", () => {
  const times = { median_ms: 1234.4, min_ms: 9.876, max_ms: 2000, runs: 5 };
  const table = resultsTable(
    [{ name: "a", ...times, per_second: 1.4e6, peak_rss_mb: 275.2 }, { name: "a/long", ...times }],
    new Map([["a", 1500]]),
  );
  expect(table.split("\n").map((line) => line.trimEnd())).toEqual([
    "name    median_ms  min_ms  max_ms  runs  per_second  rss_mb  bar_ms",
    "a            1234    9.88    2000     5      1.40e6     275  ≤ 1500",
    "a/long       1234    9.88    2000     5",
  ]);
});
