import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gamma } from "../../../src/random/gamma.ts";
import { substream } from "../../../src/random/substream.ts";
import { weibullShape } from "../../../src/workload/generators/arrivals/gap-law.ts";
import { RateCurve } from "../../../src/workload/generators/arrivals/rate-curve.ts";
import { type Arrivals, indexOfDispersion } from "../../../src/workload/statistics/arrivals.ts";
import { ksDistanceTo, ksProbability } from "../../../src/statistics/kolmogorov-smirnov.ts";
import { coefficientOfVariation, variance } from "../../../src/statistics/moments.ts";
import { mean } from "../../../src/statistics/quantile.ts";
import { exponentialCdf, gammaCdf, weibullCdf } from "./support/distributions.ts";
import { type ArrivalInput, arrivalsOf, gapsOf } from "./support/generate.ts";

const SIGNIFICANCE = 0.001;
const onePhase = (arrival: Float64Array): Arrivals => ({
  size: arrival.length,
  arrival,
  phases: [{ name: "all", first: 0, afterDrainSeconds: 0 }],
});

/** Probability of a sample at least as far from a law as this one. */
function probability(sample: Float64Array, cdf: (x: number) => number): number {
  return ksProbability(ksDistanceTo(sample, cdf), sample.length);
}

test.each([0.006, 0.1, 0.9, 1, 3.7, 400])("Gamma of shape %d has its law and moments", (shape) => {
  const random = substream(1, `gamma ${shape}`);
  const n = 20_000;
  const draws = Float64Array.from({ length: n }, () => gamma(random, shape));
  expect(probability(draws, (x) => gammaCdf(shape, x))).toBeGreaterThan(SIGNIFICANCE);
  // The variance of a squared Gamma deviation is shape² (2 + 6/shape).
  expect(Math.abs(mean(draws) - shape)).toBeLessThan(4 * Math.sqrt(shape / n));
  expect(Math.abs(variance(draws) / shape - 1)).toBeLessThan(5 * Math.sqrt((2 + 6 / shape) / n));
});

describe("gaps have the law that the spec names", () => {
  const cases: [string, ArrivalInput, (gap: number) => number][] = [
    ["poisson", { process: "poisson", rate: 3 }, (gap) => exponentialCdf(3 * gap)],
    ["gamma, cv 2", { process: "gamma", rate: 3, cv: 2 }, (gap) => gammaCdf(0.25, 0.25 * 3 * gap)],
    ["gamma, cv 0.5", { process: "gamma", rate: 3, cv: 0.5 }, (gap) => gammaCdf(4, 4 * 3 * gap)],
    // A Weibull gap of shape 1/2 has mean 2·scale and cv √5.
    [
      "weibull, cv √5",
      { process: "weibull", rate: 3, cv: Math.sqrt(5) },
      (gap) => weibullCdf(0.5, 1 / 6, gap),
    ],
    // And of shape 2 (Rayleigh) mean √π/2·scale and cv √(4/π − 1).
    [
      "weibull, Rayleigh",
      { process: "weibull", rate: 3, cv: Math.sqrt(4 / Math.PI - 1) },
      (gap) => weibullCdf(2, 2 / Math.sqrt(Math.PI) / 3, gap),
    ],
    [
      "vllm-bench, burstiness 0.5",
      { process: "vllm-bench", rate: 3, burstiness: 0.5 },
      (gap) => gammaCdf(0.5, 0.5 * 3 * gap),
    ],
    [
      "one window",
      { process: "windows", windowSeconds: 1e6, rates: [3], cv: 2 },
      (gap) => gammaCdf(0.25, 0.25 * 3 * gap),
    ],
  ];
  test.each(cases)("%s", (_name, arrivals, cdf) => {
    const gaps = gapsOf(arrivalsOf(arrivals, { requests: 20_000 }));
    expect(probability(gaps, cdf)).toBeGreaterThan(SIGNIFICANCE);
    // And it is no other law: that of a rate 10 % higher is refused.
    expect(probability(gaps, (gap) => cdf(1.1 * gap))).toBeLessThan(SIGNIFICANCE);
  });

  test("Weibull shapes are those of the coefficients of variation", () => {
    expect(weibullShape(1)).toBeCloseTo(1, 9);
    expect(weibullShape(Math.sqrt(5))).toBeCloseTo(0.5, 9);
    expect(weibullShape(2)).toBeCloseTo(0.5427, 4);
  });

  test("a coefficient of variation of 13 is reached", () => {
    const n = 400_000;
    const gaps = gapsOf(arrivalsOf({ process: "gamma", rate: 3, cv: 13 }, { requests: n }));
    // Standard errors: 13/√n of the mean, half of √((2 + 6·13²)/n) of the variation.
    expect(Math.abs(3 * mean(gaps) - 1)).toBeLessThan(4 * 13 / Math.sqrt(n));
    expect(Math.abs(coefficientOfVariation(gaps) / 13 - 1)).toBeLessThan(2 * Math.sqrt(1016 / n));
  });

  test.each<ArrivalInput>([
    { process: "constant", rate: 4 },
    { process: "gamma", rate: 4, cv: 0 },
    { process: "weibull", rate: 4, cv: 0 },
  ])("no variation is an even beat: $process", (arrivals) => {
    expect([...arrivalsOf(arrivals, { requests: 3 })]).toEqual([0.25, 0.5, 0.75]);
  });
});

describe("Markov-modulated arrivals", () => {
  /** Index of dispersion of two states by formula; see `mmpp`. */
  const theory = ([a, b]: number[], [s, t]: number[], seconds: number) => {
    const kappa = 1 / s + 1 / t;
    const rate = (a * s + b * t) / (s + t);
    const v = s * t * (a - b) ** 2 / (s + t) ** 2;
    const reach = 1 / kappa - -Math.expm1(-kappa * seconds) / (kappa * kappa * seconds);
    return 1 + 2 * v / rate * reach;
  };

  test.each<[string, ArrivalInput, number[], number[]]>([
    ["mmpp", { process: "mmpp", rates: [1, 9], sojournSeconds: [6, 2] }, [1, 9], [6, 2]],
    ["on-off", { process: "on-off", onRate: 10, onSeconds: 1, offSeconds: 3 }, [10, 0], [1, 3]],
  ])("%s has the rate and the dispersion of its theory", (_name, arrivals, rates, sojourn) => {
    const arrival = arrivalsOf(arrivals, { seconds: 80_000 });
    const rate = (rates[0] * sojourn[0] + rates[1] * sojourn[1]) / (sojourn[0] + sojourn[1]);
    expect(arrival.length / 80_000 / rate).toBeCloseTo(1, 1);
    for (const seconds of [1, 10, 60]) {
      // Measured error of 80,000 s over seeds: 1 to 4 %.
      const found = indexOfDispersion(onePhase(arrival), seconds) / theory(rates, sojourn, seconds);
      expect(Math.abs(found - 1), `${seconds} s`).toBeLessThan(0.1);
    }
  });

  test("states follow the weights: three states in a ring visit no other way round", () => {
    // 0 → 1 → 2 → 0, sojourns 1, 2, 3 and rates 0, 0, 12: mean rate 6.
    const arrivals: ArrivalInput = {
      process: "mmpp",
      rates: [0, 0, 12],
      sojournSeconds: [1, 2, 3],
      transitions: [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
    };
    expect(arrivalsOf(arrivals, { seconds: 30_000 }).length / 30_000).toBeCloseTo(6, 0);
    // The long run holds at once: over seeds the first second has the mean rate too.
    const first = Array.from(
      { length: 2000 },
      (_, seed) => arrivalsOf(arrivals, { seed, seconds: 0.5 }).length,
    );
    expect(Math.abs(mean(first) - 3)).toBeLessThan(4 * Math.sqrt(variance(first) / 2000));
  });
});

describe("rates that change in time", () => {
  test.each<[string, ArrivalInput, (t: number) => number]>([
    [
      "ramp",
      { process: "ramp", fromRate: 1, toRate: 5, seconds: 1000 },
      (t) => t < 1000 ? t + 0.002 * t * t : 3000 + 5 * (t - 1000),
    ],
    [
      "ramp from nothing",
      { process: "ramp", fromRate: 0, toRate: 4, seconds: 500 },
      (t) => t < 500 ? 0.004 * t * t : 1000 + 4 * (t - 500),
    ],
    [
      "spike",
      { process: "spike", rate: 1, spikeRate: 20, atSeconds: 100, seconds: 50 },
      (t) => t + 19 * Math.min(50, Math.max(0, t - 100)),
    ],
    ["diurnal", {
      process: "diurnal",
      rate: 4,
      peakToTrough: 3,
      periodSeconds: 200,
      peakSeconds: 50,
    }, (t) => 4 * t + 2 * 200 / (2 * Math.PI) * (1 - Math.cos(2 * Math.PI * t / 200))],
    ["profile", {
      process: "profile",
      knots: [{ seconds: 0, rate: 6 }, { seconds: 50, rate: 0 }, { seconds: 100, rate: 2 }],
      interpolation: "step",
      after: "repeat",
    }, (t) => 300 * Math.floor(t / 100) + 6 * Math.min(50, t % 100)],
  ])("%s: on the clock of expected requests, gaps are exponential", (_name, arrivals, expected) => {
    const arrival = arrivalsOf(arrivals, { requests: 8000 });
    const gaps = gapsOf(arrival.map(expected));
    expect(probability(gaps, exponentialCdf)).toBeGreaterThan(SIGNIFICANCE);
    const asDrawn = gapsOf(arrival);
    const average = mean(asDrawn);
    expect(probability(asDrawn, (gap) => exponentialCdf(gap / average)))
      .toBeLessThan(SIGNIFICANCE);
  });

  test("gaps of another law than the exponential stretch with the rate", () => {
    const arrivals = { process: "ramp", fromRate: 1, toRate: 5, seconds: 1000, cv: 0 } as const;
    const onClock = arrivalsOf(arrivals, { requests: 3000 }).map((t) => t + 0.002 * t * t);
    onClock.forEach((expected, i) => expect(expected).toBeCloseTo(i + 1, 8));
  });

  test("the inverse of a curve's integral is one, whatever its knots", () => {
    const knots = fc.array(
      fc.record({
        step: fc.double({ min: 0.01, max: 100, noNaN: true }),
        rate: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 50, noNaN: true })),
      }),
      { minLength: 2, maxLength: 8 },
    );
    fc.assert(fc.property(
      knots,
      fc.constantFrom("step", "linear"),
      fc.constantFrom("hold", "end", "repeat"),
      (list, interpolation, after) => {
        let seconds = 0;
        const at = list.map(({ step, rate }) => ({ seconds: seconds += step, rate }));
        const curve = new RateCurve(at, { interpolation, after });
        const end = at.at(-1)!.seconds;
        const rateAt = (t: number) => {
          const next = at.findIndex((knot) => knot.seconds > t);
          if (next <= 0) return next === 0 ? at[0].rate : at.at(-1)!.rate;
          const [a, b] = [at[next - 1], at[next]];
          return interpolation === "step"
            ? a.rate
            : a.rate + (b.rate - a.rate) * (t - a.seconds) / (b.seconds - a.seconds);
        };
        const area = (until: number) => {
          const cuts = [0, ...at.map((knot) => knot.seconds).filter((t) => t < until), until];
          return cuts.slice(1).reduce(
            (sum, to, i) => sum + rateAt((cuts[i] + to) / 2) * (to - cuts[i]),
            0,
          );
        };
        const whole = area(end);
        let latest = 0;
        for (let k = 1; k <= 40; k++) {
          const wanted = k * whole / 20 + k * 1e-3;
          const time = curve.inverse(wanted);
          expect(time).toBeGreaterThanOrEqual(latest);
          latest = time;
          if (time === Infinity) continue;
          const rounds = after === "repeat" ? Math.max(0, Math.ceil(time / end) - 1) : 0;
          const found = rounds * whole + area(time - rounds * end);
          expect(Math.abs(found - wanted)).toBeLessThan(1e-6 * (1 + wanted));
        }
      },
    ));
  });
});

describe("vLLM's benchmark client", () => {
  test("sends the last of N requests at N / rate", () => {
    for (const burstiness of [0.2, 1, 5]) {
      const arrival = arrivalsOf({ process: "vllm-bench", rate: 4, burstiness }, {
        requests: 500,
        seed: 3,
      });
      expect(arrival.at(-1)).toBeCloseTo(125, 10);
      expect(arrival[0]).toBeGreaterThan(0);
    }
  });

  test("sends all at once by default", () => {
    expect([...arrivalsOf({ process: "vllm-bench" }, { requests: 3 })]).toEqual([0, 0, 0]);
  });

  test.each(
    [
      ["linear", (p: number) => 2 + 18 * p],
      ["exponential", (p: number) => 2 * 10 ** p],
    ] as const,
  )("ramps up %s by the number of the request", (strategy, rateAt) => {
    const requests = 20_000;
    const arrival = arrivalsOf({
      process: "vllm-bench",
      rampUp: { strategy, startRate: 2, endRate: 20 },
    }, { requests });
    const scaled = gapsOf(arrival).map((gap, i) => gap * rateAt(i / (requests - 1)));
    expect(probability(scaled, exponentialCdf)).toBeGreaterThan(SIGNIFICANCE);
  });

  test("needs to know how many", () => {
    expect(() => arrivalsOf({ process: "vllm-bench", rate: 1 }, { seconds: 5 })).toThrow(
      "workload spec, field requests: got undefined, expected a number of requests",
    );
  });
});

test("replayed arrivals are the given ones, and begin anew after an average gap", () => {
  const seconds = Float64Array.of(1, 2, 5);
  expect(arrivalsOf({ process: "replayed", seconds }, { requests: 3 })).toEqual(seconds);
  expect([...arrivalsOf({ process: "replayed", seconds, repeat: true }, { requests: 7 })])
    .toEqual([1, 2, 5, 7, 8, 11, 13]);
  expect([...arrivalsOf({ process: "replayed", seconds: [1, 2, 5] }, { seconds: 5 })])
    .toEqual([1, 2]);
});

test("windows begin and end with their rates, and empty ones stay empty", () => {
  const arrival = arrivalsOf({
    process: "windows",
    windowSeconds: 10,
    rates: [5, 0, 50],
    cv: [1, 1, 0],
  }, { seconds: 1000 });
  const count = (from: number, to: number) =>
    arrival.filter((time) => time >= from && time < to).length;
  expect(count(10, 20)).toBe(0);
  expect(count(30, 1000)).toBe(0);
  expect(Math.abs(count(0, 10) - 50)).toBeLessThan(4 * Math.sqrt(50));
  expect(Math.abs(count(20, 30) - 500)).toBeLessThanOrEqual(2);
});

describe("nothing arrives", () => {
  test.each<ArrivalInput>([
    { process: "poisson", rate: 0 },
    { process: "mmpp", rates: [0, 0], sojournSeconds: [1, 1] },
    { process: "diurnal", rate: 0, peakToTrough: 2 },
    { process: "ramp", fromRate: 0, toRate: 0, seconds: 5 },
    { process: "profile", knots: [{ seconds: 0, rate: 0 }], after: "repeat" },
    { process: "profile", knots: [{ seconds: 3, rate: 0 }], after: "hold" },
    { process: "windows", windowSeconds: 1, rates: [0], after: "repeat" },
    { process: "vllm-bench", rampUp: { strategy: "linear", startRate: 0, endRate: 1 } },
    { process: "replayed", seconds: [7, 7], repeat: true },
  ])("at a rate of 0 ($process), and that ends", (arrivals) => {
    const inFive = arrivals.process === "vllm-bench"
      ? arrivalsOf(arrivals, { seconds: 5, requests: 9 })
      : arrivalsOf(arrivals, { seconds: 5 });
    expect(inFive.length).toBe(0);
  });

  test("but requests were asked for: refused with the number there is", () => {
    expect(() => arrivalsOf({ process: "poisson", rate: 0 }, { requests: 3 })).toThrow(
      "workload spec, field requests: got 3, expected at most 0; the streams have",
    );
    expect(() => arrivalsOf({ process: "replayed", seconds: [1, 2] }, { requests: 3 }))
      .toThrow("expected at most 2");
  });
});

test.each<[unknown, string]>([
  [{ process: "poisson", rate: -1 }, "arrivals.rate: got -1, expected number to be >=0"],
  [{ process: "poisson", rate: NaN }, "arrivals.rate: got NaN"],
  [{ process: "poisson", rate: Infinity }, "arrivals.rate: got Infinity"],
  [{ process: "gamma", rate: 1, cv: -0.1 }, "arrivals.cv: got -0.1"],
  [{ process: "gamma", rate: 1 }, "arrivals.cv: got undefined"],
  [{ process: "weibull", rate: 1, cv: 1e309 }, "arrivals.cv: got Infinity"],
  [{ process: "diurnal", rate: 1, peakToTrough: 0.5 }, "arrivals.peakToTrough: got 0.5"],
  [{ process: "ramp", fromRate: 1, toRate: 2, seconds: 0 }, "arrivals.seconds: got 0"],
  [{ process: "on-off", onRate: 1, onSeconds: 0, offSeconds: 1 }, "arrivals.onSeconds: got 0"],
  [{ process: "mmpp", rates: [1, 2], sojournSeconds: [1] }, "arrivals.sojournSeconds: got [1]"],
  [{
    process: "mmpp",
    rates: [1, 2],
    sojournSeconds: [1, 1],
    transitions: [[0, 1], [0, 1]],
  }, "arrivals.transitions.1: got [0,1], expected a weight above 0 for another state"],
  [
    { process: "profile", knots: [{ seconds: 5, rate: 1 }, { seconds: 5, rate: 2 }] },
    "arrivals.knots",
  ],
  [{ process: "windows", windowSeconds: 1, rates: [1, -2] }, "arrivals.rates.1: got -2"],
  [{ process: "windows", windowSeconds: 1, rates: [1], cv: [1, 2] }, "arrivals.cv: got [1,2]"],
  [{ process: "replayed", seconds: [2, 1] }, "arrivals.seconds.1: got 1, expected a time not"],
  [{ process: "replayed", seconds: [] }, "arrivals.seconds: got [], expected at least one"],
  [{ process: "vllm-bench", burstiness: 0 }, "arrivals.burstiness: got 0"],
  [
    { process: "vllm-bench", rampUp: { strategy: "exponential", startRate: 0, endRate: 2 } },
    "arrivals.rampUp.startRate: got 0",
  ],
  [{ process: "lunar", rate: 1 }, "arrivals.process"],
  [{ process: "poisson", rate: 1, cv: 2 }, "arrivals.cv: got 2, expected a known name"],
])("refused by name: %j", (arrivals, message) => {
  expect(() => arrivalsOf(arrivals as ArrivalInput, { requests: 1 }))
    .toThrow(`workload spec, field streams.0.${message}`);
});

describe("windows with gaps by quantiles", () => {
  const windows = (gapQuantiles: object) =>
    ({ process: "windows", windowSeconds: 1000, rates: [2, 6], gapQuantiles }) as ArrivalInput;

  test("have the law of their window, scaled to its rate", () => {
    const arrival = arrivalsOf(windows({ laws: [[0, 1], [3, 3]], ofWindow: [0, 1] }), {
      seconds: 2000,
    });
    const gaps = gapsOf(arrival);
    const first = gaps.filter((_, i) => arrival[i] < 1000);
    // Uniform from 0 to twice the mean of half a second.
    expect(probability(first, (gap) => Math.min(1, gap))).toBeGreaterThan(SIGNIFICANCE);
    const second = gaps.filter((gap, i) => arrival[i] - gap > 1000);
    expect(second.length).toBeGreaterThan(5900);
    for (const gap of second) expect(gap).toBeCloseTo(1 / 6, 8);
  });

  test.each([
    [{ laws: [[0, 1]], ofWindow: [0, 1] }, "ofWindow: got [0,1], expected a law below 1"],
    [{ laws: [[0, 1]], ofWindow: [0] }, "ofWindow: got [0]"],
    [{ laws: [[1, 0]], ofWindow: [0, 0] }, "laws.0: got [1,0], expected at least two quantiles"],
    [{ laws: [[0, 0]], ofWindow: [0, 0] }, "laws.0: got [0,0]"],
  ])("are refused by name: %j", (gapQuantiles, message) => {
    expect(() => arrivalsOf(windows(gapQuantiles), { seconds: 1 }))
      .toThrow(`field streams.0.arrivals.gapQuantiles.${message}`);
  });
});
