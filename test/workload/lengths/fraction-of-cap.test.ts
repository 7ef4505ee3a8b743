import { expect, test } from "vitest";
import { substream } from "../../../src/random/substream.ts";
import { fractionOfCap } from "../../../src/workload/lengths/fraction-of-cap.ts";

const N = 100_000;

function lengths(
  options: Parameters<typeof fractionOfCap>[0],
  category: string,
  cap: number,
): Float64Array {
  const model = fractionOfCap(options);
  const random = substream(1, "test/lengths");
  return Float64Array.from({ length: N }, () => model.draw(random, category, cap));
}

function moments(values: Float64Array): { mean: number; sd: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

test.each([
  [1.25, 0.3, 512],
  [0.5, 0.8, 384],
  [1, 0.05, 64],
])("a mean of %d caps with a spread of %d: mean, spread and logarithms fit", (share, cv, cap) => {
  const values = lengths({ meanFraction: share, cv }, "report", cap);
  const { mean, sd } = moments(values);
  expect(Math.abs(mean / (share * cap) - 1)).toBeLessThan(4 * cv / Math.sqrt(N));
  // The sample's variation of a lognormal is itself noisy: its fourth moment is large.
  expect(Math.abs(sd / mean / cv - 1)).toBeLessThan(0.03);
  // The logarithm is normal with variance ln(1 + cv²) and a mean that is lower by half of that.
  const logs = moments(values.map(Math.log));
  const variance = Math.log(1 + cv * cv);
  expect(Math.abs(logs.mean - (Math.log(share * cap) - variance / 2)))
    .toBeLessThan(4 * Math.sqrt(variance / N));
  expect(Math.abs(logs.sd ** 2 / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / N));
});

test("without a spread every answer has the mean length", () => {
  const values = lengths({ meanFraction: 0.75, cv: 0 }, "summary", 256);
  expect(new Set(values)).toEqual(new Set([192]));
});

test("a mean by category holds for that category, 1 for those not named", () => {
  const meanFraction = { short_qa: 0.5, report: 2 };
  const meanOf = (category: string) =>
    moments(lengths({ meanFraction, cv: 0.1 }, category, 100)).mean;
  expect(meanOf("short_qa")).toBeCloseTo(50, 0);
  expect(meanOf("report")).toBeCloseTo(200, 0);
  expect(meanOf("technical")).toBeCloseTo(100, 0);
});

test("the default of 1.25 caps leaves, after the cut, a mean near 0.96 of the cap", () => {
  const cut = lengths({ meanFraction: 1.25, cv: 0.3 }, "report", 1).map((x) => Math.min(x, 1));
  expect(moments(cut).mean).toBeCloseTo(0.96, 2);
});
