import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadArenaTrace } from "../../../src/files/load-arena.ts";
import { readBundled } from "../../../src/files/read-bundled.ts";
import { normal, substream } from "../../../src/random/substream.ts";
import { readTrace } from "../../../src/workload/readers/read-trace.ts";
import {
  arrivalCounts,
  arrivalGaps,
  arrivalRate,
  type Arrivals,
  indexOfDispersion,
} from "../../../src/workload/statistics/arrivals.ts";
import {
  correlation,
  logCorrelation,
  midRanks,
  rankCorrelation,
} from "../../../src/statistics/correlation.ts";
import {
  ksDistance,
  ksDistanceTo,
  ksProbability,
} from "../../../src/statistics/kolmogorov-smirnov.ts";
import { coefficientOfVariation, variance } from "../../../src/statistics/moments.ts";
import { mean } from "../../../src/statistics/quantile.ts";
import type { NumberSummary } from "../../../src/workload/statistics/summarize-numbers.ts";
import { summarizeWorkload } from "../../../src/workload/statistics/summarize-workload.ts";
import { smallWorkload } from "../transforms/support/small-workload.ts";

const onePhase = (arrival: Float64Array): Arrivals => ({
  size: arrival.length,
  arrival,
  phases: [{ name: "all", first: 0, afterDrainSeconds: 0 }],
});

describe("gaps and counts", () => {
  const { requests } = smallWorkload();

  test("stay within phases, each on its own clock", () => {
    expect([...arrivalGaps(requests)]).toEqual([1, 1.5, 1.5, 0.5, 2]);
    expect(arrivalRate(requests)).toBeCloseTo(5 / 6.5, 12);
    // First phase 0, 1 | 2.5, 4 (on the edge); second 0.5, 1 | 3.
    expect([...arrivalCounts(requests, 2)]).toEqual([2, 2, 2, 1]);
  });

  test("few requests have no rate and no dispersion, but counts", () => {
    expect([...arrivalCounts(onePhase(Float64Array.of(5)), 1)]).toEqual([1]);
    expect(arrivalRate(onePhase(Float64Array.of(5)))).toBeNaN();
    expect(indexOfDispersion(onePhase(new Float64Array(0)), 1)).toBeNaN();
    expect(indexOfDispersion(onePhase(Float64Array.of(0, 0.5)), 1)).toBeNaN();
  });

  test("every arrival is counted once, whatever the width", () => {
    const gaps = fc.array(fc.double({ min: 0, max: 1e3, noNaN: true }), { minLength: 1 });
    fc.assert(fc.property(gaps, fc.double({ min: 0.1, max: 1e3, noNaN: true }), (steps, width) => {
      let now = 0;
      const arrival = Float64Array.from(steps, (step) => now += step);
      const counts = arrivalCounts(onePhase(arrival), width);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(steps.length);
      // The dispersion is that of the counts, though it makes none.
      const dispersion = indexOfDispersion(onePhase(arrival), width);
      if (counts.length < 2) expect(dispersion).toBeNaN();
      else expect(dispersion).toBeCloseTo(variance(counts) / mean(counts), 6);
    }));
  });

  test("a dispersion of long emptiness takes no memory", () => {
    const arrivals = onePhase(Float64Array.of(0, 1e11, 1e11, 3e11));
    // Counts 1, 2, 1 in 3e11 bins.
    expect(indexOfDispersion(arrivals, 1)).toBeCloseTo(6 / 4, 9);
  });

  test("a width that is not positive is refused", () => {
    expect(() => arrivalCounts(requests, 0)).toThrow(RangeError);
  });
});

describe("the table of the traces' notes", () => {
  const rounded = ({ mean, p50, p90, p99 }: NumberSummary) => [mean, p50, p90, p99].map(Math.round);

  test("VTC arena", async () => {
    const summary = summarizeWorkload((await loadArenaTrace()).workload);
    expect(summary.rate).toBeCloseTo(2.5, 2);
    expect(summary.gap_cv).toBeCloseTo(1.1, 2);
    expect(summary.idc_1s).toBeCloseTo(1.4, 1);
    expect(summary.idc_10s).toBeCloseTo(2.5, 1);
    expect(summary.log_correlation).toBeCloseTo(0.28, 2);
    expect(rounded(summary.prompt_tokens)).toEqual([136, 40, 432, 902]);
    expect(rounded(summary.output_tokens)).toEqual([256, 211, 513, 785]);
    const shares = summary.tenants.map(({ share }) => Math.round(share * 1500));
    expect(shares.slice(0, 6)).toEqual([296, 262, 199, 120, 67, 66]);
    expect(shares.at(-1)).toBe(1);
  });

  test.each([
    ["conv", 5.53, 1.09, [1.4, 4.0, 20.6], 0.09, [1155, 1020, 2735, 4142], [211, 129, 424, 601]],
    ["code", 2.57, 13.2, [13.2, 71.3, 160.5], 0, [2048, 1469, 5188, 7436], [28, 13, 55, 251]],
  ])("Azure 2023 %s", async (name, rate, cv, idc, correlated, prompts, outputs) => {
    const file = `azure_llm_2023/AzureLLMInferenceTrace_${name}.csv.gz`;
    const summary = summarizeWorkload((await readTrace(await readBundled(file))).workload);
    expect(summary.rate).toBeCloseTo(rate, 2);
    expect(Math.abs(summary.gap_cv - cv)).toBeLessThan(0.05);
    [summary.idc_1s, summary.idc_10s, summary.idc_60s].forEach((found, i) =>
      expect(found).toBeCloseTo(idc[i], 1)
    );
    expect(Math.abs(summary.log_correlation - correlated)).toBeLessThan(0.01);
    expect(rounded(summary.prompt_tokens)).toEqual(prompts);
    expect(rounded(summary.output_tokens)).toEqual(outputs);
  });

  test("BurstGPT, first 999 rows", async () => {
    const text = new TextDecoder().decode(await readBundled("burstgpt/BurstGPT_1_first999.csv"));
    const rows = text.trim().split("\n").slice(1).map((line) => line.split(","));
    const of = (kept: string[][]) => onePhase(Float64Array.from(kept, ([seconds]) => +seconds));
    const all = of(rows);
    const answered = of(rows.filter((row) => +row[3] > 0));
    const cv = (arrivals: Arrivals) => coefficientOfVariation(arrivalGaps(arrivals));
    const idc = (arrivals: Arrivals) =>
      [1, 10, 60].map((seconds) => Math.round(indexOfDispersion(arrivals, seconds) * 10) / 10);
    expect(arrivalRate(all)).toBeCloseTo(0.0202, 4);
    expect(cv(all)).toBeCloseTo(5.5, 1);
    expect(idc(all)).toEqual([1, 1.3, 3.3]);
    expect(arrivalRate(answered)).toBeCloseTo(0.018, 4);
    expect(cv(answered)).toBeCloseTo(5.2, 1);
    expect(idc(answered)).toEqual([1, 1.3, 3]);
  });
});

test("variance and coefficient of variation, by hand", () => {
  expect(variance([2, 4, 4, 4, 5, 5, 7, 9])).toBe(4);
  expect(coefficientOfVariation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(0.4, 12);
  expect(coefficientOfVariation([])).toBeNaN();
  expect(coefficientOfVariation([0, 0])).toBeNaN();
});

test("correlations, by hand", () => {
  // Anscombe's first set.
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
  expect(correlation(x, y)).toBeCloseTo(0.81642, 5);
  expect(rankCorrelation(x, y)).toBeCloseTo(0.81818, 5);
  expect([...midRanks([3, 1, 3, 2])]).toEqual([3.5, 1, 3.5, 2]);
  expect(logCorrelation([0, 1, 3], [1, 3, 7])).toBeCloseTo(1, 12);
  expect(correlation([1, 1], [1, 2])).toBeNaN();
});

describe("the Kolmogorov–Smirnov distance", () => {
  test("of two samples, by hand, ties too", () => {
    expect(ksDistance([1, 2, 3], [1, 2, 3])).toBe(0);
    expect(ksDistance([1, 2], [3, 4])).toBe(1);
    expect(ksDistance([1, 1, 2, 2], [1, 2, 2, 2])).toBe(0.25);
    expect(ksDistance([], [1])).toBeNaN();
  });

  test("to a distribution function", () => {
    expect(ksDistanceTo([0.5], (x) => x)).toBe(0.5);
    expect(ksDistanceTo([0.25, 0.75], (x) => x)).toBe(0.25);
    // A fair coin whose faces are 0 and 1 has no distance from half zeros, half ones.
    const cdf = (x: number) => x >= 1 ? 1 : x >= 0 ? 0.5 : 0;
    const below = (x: number) => x > 1 ? 1 : x > 0 ? 0.5 : 0;
    expect(ksDistanceTo([0, 1, 0, 1], cdf, below)).toBe(0);
  });

  test("has the probability of the tables", () => {
    // Critical values of one sample at 5 and 1 %: n = 20 0.29408, 0.35241; n = 100 0.13403, 0.16081.
    expect(ksProbability(0.29408, 20)).toBeCloseTo(0.05, 2);
    expect(ksProbability(0.35241, 20)).toBeCloseTo(0.01, 2);
    expect(ksProbability(0.13403, 100)).toBeCloseTo(0.05, 3);
    expect(ksProbability(0.16081, 100)).toBeCloseTo(0.01, 3);
    expect(ksProbability(0, 50)).toBe(1);
    expect(ksProbability(1, 50)).toBeLessThan(1e-20);
  });

  test("of normal draws from each other is exceeded as often as that says", () => {
    let below = 0;
    const draws = (name: string) => {
      const random = substream(1, name);
      return Float64Array.from({ length: 80 }, () => normal(random));
    };
    for (let i = 0; i < 400; i++) {
      if (ksProbability(ksDistance(draws(`a${i}`), draws(`b${i}`)), 40) < 0.05) below++;
    }
    // 20 expected, sd 4.4; steps of 1/80 make the test a little shy.
    expect(below).toBeGreaterThan(6);
    expect(below).toBeLessThan(34);
  });
});
