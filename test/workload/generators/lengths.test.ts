import { describe, expect, test } from "vitest";
import { loadLengthModels } from "../../../src/files/load-length-models.ts";
import { normalCdf } from "../../../src/math/normal-distribution.ts";
import { generateWorkload } from "../../../src/workload/generators/generate-workload.ts";
import type { WorkloadSpecInput } from "../../../src/workload/generators/workload-spec.ts";
import { rankCorrelation } from "../../../src/statistics/correlation.ts";
import {
  ksDistance,
  ksDistanceTo,
  ksProbability,
} from "../../../src/statistics/kolmogorov-smirnov.ts";
import { coefficientOfVariation } from "../../../src/statistics/moments.ts";
import { mean } from "../../../src/statistics/quantile.ts";

type Length = WorkloadSpecInput["streams"][number]["classes"][number]["prompt"];

const N = 20_000;

function outputsOf(output: Length, requests = N): Int32Array {
  return generateWorkload({
    requests,
    streams: [{
      arrivals: { process: "poisson", rate: 10 },
      classes: [{ prompt: { model: "constant", tokens: 9 }, output, maxTokens: 1_000_000 }],
    }],
  }).truth.outputTokens;
}

describe("lengths have the law that the spec names", () => {
  test("lognormal: mean, variation and distribution function", () => {
    const outputs = outputsOf({ model: "lognormal", mean: 400, cv: 0.8 });
    expect(Math.abs(mean(outputs) / 400 - 1)).toBeLessThan(4 * 0.8 / Math.sqrt(N));
    expect(coefficientOfVariation(outputs)).toBeCloseTo(0.8, 1);
    const variance = Math.log(1 + 0.64);
    const cdf = (x: number) => normalCdf((Math.log(x / 400) + variance / 2) / Math.sqrt(variance));
    // A whole length k stands for all from k − ½ to k + ½.
    const distance = ksDistanceTo(outputs, (k) => cdf(k + 0.5), (k) => cdf(k - 0.5));
    expect(ksProbability(distance, N)).toBeGreaterThan(0.001);
  });

  test("lognormal of no variation is its mean, and bounds cut", () => {
    expect(new Set(outputsOf({ model: "lognormal", mean: 33, cv: 0 }, 100))).toEqual(new Set([33]));
    const cut = outputsOf({ model: "lognormal", mean: 100, cv: 2, min: 50, max: 120 }, 1000);
    expect([Math.min(...cut), Math.max(...cut)]).toEqual([50, 120]);
  });

  test.each<[string, Length, (k: number) => number]>([
    ["zipf", { model: "zipf", exponent: 1.2, max: 500 }, (k) => k ** -1.2],
    ["zipf from 10", { model: "zipf", exponent: 0.5, min: 10, max: 40 }, (k) => k ** -0.5],
    ["uniform", { model: "uniform", min: 5, max: 14 }, () => 1],
  ])("%s: each length as often as its weight", (_name, spec, weight) => {
    const { min = 1, max } = spec as { min?: number; max: number };
    const counts = new Float64Array(max + 1);
    for (const tokens of outputsOf(spec)) counts[tokens]++;
    let total = 0;
    for (let k = min; k <= max; k++) total += weight(k);
    let chi2 = 0;
    let cells = 0;
    let pooledCount = 0;
    let pooledExpected = 0;
    for (let k = min; k <= max; k++) {
      const expected = N * weight(k) / total;
      if (expected < 10) {
        pooledCount += counts[k];
        pooledExpected += expected;
        continue;
      }
      chi2 += (counts[k] - expected) ** 2 / expected;
      cells++;
    }
    if (pooledExpected > 0) {
      chi2 += (pooledCount - pooledExpected) ** 2 / pooledExpected;
      cells++;
    }
    expect(counts.subarray(0, min).every((count) => count === 0)).toBe(true);
    // Wilson–Hilferty: about a normal number; 3.3 is the 0.05 % tail.
    const k = cells - 1;
    const z = ((chi2 / k) ** (1 / 3) - 1 + 2 / (9 * k)) / Math.sqrt(2 / (9 * k));
    expect(Math.abs(z)).toBeLessThan(3.3);
  });

  test("empirical: the held file's own lengths, as often as there", async () => {
    const { lmsys } = await loadLengthModels();
    if (lmsys.model !== "empirical") throw new Error("bundled lengths are empirical");
    const outputs = outputsOf(lmsys);
    const held = new Set(lmsys.tokens);
    expect(outputs.every((tokens) => held.has(tokens))).toBe(true);
    const n = N * lmsys.tokens.length / (N + lmsys.tokens.length);
    // Ties make the probability larger, so that this is on the safe side.
    expect(ksProbability(ksDistanceTo(outputs, ...stepsOf(lmsys.tokens)), N)).toBeGreaterThan(
      0.001,
    );
    expect(ksProbability(ksDistance(outputs, lmsys.tokens), n)).toBeGreaterThan(0.001);
  });

  test.each<[number[] | undefined, number]>([[undefined, 0.5], [[0, 0.9, 1], 0.9]])(
    "quantiles at %j: a straight line from each to the next",
    (probabilities, middle) => {
      const outputs = outputsOf({ model: "quantiles", values: [100, 200, 1000], probabilities });
      const cdf = (x: number) =>
        x < 200 ? middle * (x - 100) / 100 : middle + (1 - middle) * (x - 200) / 800;
      const inside = (x: number) => Math.min(1, Math.max(0, cdf(x)));
      const distance = ksDistanceTo(outputs, (k) => inside(k + 0.5), (k) => inside(k - 0.5));
      expect(ksProbability(distance, N)).toBeGreaterThan(0.001);
    },
  );
});

/** Distribution function of observed numbers and its left limit. */
function stepsOf(values: Int32Array): [(x: number) => number, (x: number) => number] {
  const sorted = values.toSorted();
  const share = (test: (value: number) => boolean) => sorted.filter(test).length / sorted.length;
  const memo = (of: (x: number) => number) => {
    const known = new Map<number, number>();
    return (x: number) => known.get(x) ?? (known.set(x, of(x)), known.get(x)!);
  };
  return [memo((x) => share((value) => value <= x)), memo((x) => share((value) => value < x))];
}

test.each([-0.8, 0, 0.3, 0.9, 1])("a copula of %d has its rank correlation", (correlation) => {
  const { requests, truth } = generateWorkload({
    requests: N,
    streams: [{
      arrivals: { process: "poisson", rate: 10 },
      classes: [{
        prompt: { model: "lognormal", mean: 3000, cv: 1 },
        output: { model: "quantiles", values: [1, 500, 20_000] },
        correlation,
      }],
    }],
  });
  const theory = 6 / Math.PI * Math.asin(correlation / 2);
  expect(Math.abs(rankCorrelation(requests.promptTokens, truth.outputTokens) - theory))
    .toBeLessThan(4 / Math.sqrt(N));
});

test.each<[unknown, string]>([
  [{ model: "lognormal", mean: 0, cv: 1 }, "mean: got 0"],
  [{ model: "lognormal", mean: 10, cv: -1 }, "cv: got -1"],
  [{ model: "lognormal", mean: 10, cv: 1, min: 9, max: 5 }, "max: got 5, expected a length >= min"],
  [{ model: "zipf", exponent: 1, max: 2 ** 40 }, "max: got 1099511627776"],
  [{ model: "uniform", min: 3, max: 2 }, "max: got 2, expected a length >= min"],
  [{ model: "constant", tokens: 1.5 }, "tokens: got 1.5"],
  [{ model: "empirical", name: "x", tokens: [3, 0] }, "tokens.1: got 0"],
  [{ model: "empirical", name: "x", tokens: [] }, "tokens: got [], expected at least one"],
  [{ model: "quantiles", values: [3, 2] }, "values: got [3,2], expected quantiles that do not"],
  [{ model: "quantiles", values: [3] }, "values: got [3], expected at least two"],
  [
    { model: "quantiles", values: [1, 2], probabilities: [0, 0.5] },
    "probabilities: got [0,0.5], expected probabilities that increase from 0 to 1",
  ],
  [
    { model: "quantiles", values: [1, 2], probabilities: [0, 0.5, 1] },
    "probabilities: got [0,0.5,1], expected one probability a quantile",
  ],
  [{ model: "pareto" }, "model"],
])("refused by name: %j", (output, message) => {
  expect(() => outputsOf(output as Length))
    .toThrow(`workload spec, field streams.0.classes.0.output.${message}`);
});
