import { expect, test } from "vitest";
import { fitGoodness } from "../../src/analysis/fit-goodness.ts";
import { fitMisfits } from "../../src/analysis/fit-misfits.ts";

const row = { statistic: "rate", original: 2.34567, generated: 2.3, low: 2.2, high: 2.4 };
const fits = [
  {
    trace: "a",
    fit: {
      goodness: [
        { ...row, tolerance: 0.1, within: true },
        { ...row, statistic: "gap_cv", original: -1, tolerance: 0.1, within: false },
      ],
      misfits: ["gap_cv: too even", "no sessions"],
    },
  },
  { trace: "b", fit: { goodness: [], misfits: [] } },
];

test("one row a statistic, in three digits, and whether it is within tolerance", () => {
  const shared = { trace: "a", generated: "2.3", range: "2.2 to 2.4" };
  expect(fitGoodness(fits).objects()).toEqual([
    { ...shared, statistic: "rate", original: "2.35", within: "yes" },
    { ...shared, statistic: "gap_cv", original: "−1", within: "no" },
  ]);
});

test("one row a misfit; a trace without any says so", () => {
  expect(fitMisfits(fits).objects()).toEqual([
    { trace: "a", misfit: "gap_cv: too even" },
    { trace: "a", misfit: "no sessions" },
    { trace: "b", misfit: "none found" },
  ]);
});
