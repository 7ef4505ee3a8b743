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
    repeated: [],
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
  expect(comparisonText({ total: 12, differences: [], repeated: [] })).toBe("12 of 12 identical");
});

test("a notebook that gave two results is told with the first run's differences", () => {
  const differences = [
    { notebook: "paper", kind: "figure", name: "tail", details: ["csv: columns: a,b, now b,a"] },
  ] as const;
  expect(comparisonText({
    total: 12,
    differences: [],
    repeated: [{ notebook: "paper", differences, second: "as committed", kept: "runs/verify/a" }],
  })).toBe(
    `paper was run twice because the first run differed: the second run made what is committed. \
One notebook gave two results: please report this. The first run's differences:
  figure tail
    csv: columns: a,b, now b,a
  what the first run made is kept in runs/verify/a
12 of 12 identical`,
  );
});

test("a difference that two runs show is told once", () => {
  const difference = { notebook: "paper", kind: "claim", name: "C1", details: ["x"] } as const;
  expect(comparisonText({
    total: 2,
    differences: [difference],
    repeated: [{
      notebook: "paper",
      differences: [difference],
      second: "as the first run",
      kept: null,
    }],
  })).toBe(
    `paper
  claim C1
    x
paper was run twice because the first run differed: the second run made the same as the first
1 of 2 identical`,
  );
});
