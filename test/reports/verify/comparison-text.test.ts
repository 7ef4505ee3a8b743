import { expect, test } from "vitest";
import { comparisonText } from "../../../src/reports/verify/comparison-text.ts";

test("differences stand below their notebook, and the count is last", () => {
  expect(comparisonText({
    total: 40,
    differences: [
      { notebook: "paper", kind: "figure", name: "tail", details: ["svg: other bytes", "csv: a"] },
      { notebook: "arena", kind: "run", name: "arena", details: ["cell 3 failed"] },
      { notebook: "paper", kind: "seeds", name: "seeds", details: ["value: committed 1, now 2"] },
    ],
  })).toBe(
    `paper
  figure tail
    svg: other bytes
    csv: a
  seeds
    value: committed 1, now 2
arena
  run
    cell 3 failed
37 of 40 identical`,
  );
});

test("nothing but the count is said where all is identical", () => {
  expect(comparisonText({ total: 12, differences: [] })).toBe("12 of 12 identical");
});
