import { describe, expect, test } from "vitest";
import type { Calibrator } from "../../../src/estimation/calibrators/calibrator.ts";
import { createCalibrator } from "../../../src/estimation/calibrators/registry.ts";
import { createDetector } from "../../../src/estimation/detectors/registry.ts";
import { restarting } from "../../../src/estimation/parts/restarting.ts";
import { substream } from "../../../src/random/substream.ts";
import { bootstrapMean, type Interval } from "../../../src/statistics/bootstrap.ts";

test("a key is forgotten when its own detector says drift; others go on", () => {
  const seen: [number, number, number][] = [];
  let made = 0;
  const calibrator = restarting(2, {
    calibrator: () => createCalibrator("ema", 1, { alpha: 0.5, ratioMax: 2 }),
    detector: () => {
      const key = made++;
      return {
        update(value, now) {
          seen.push([key, value, now]);
          return value === 2 ? "drift" : value === 1.5 ? "warning" : "none";
        },
        reset() {},
      };
    },
  });
  const factors = () => [calibrator.factor(0), calibrator.factor(1)];
  expect(factors()).toEqual([1, 1]);
  expect(calibrator.learn(0, 0.5, 10)).toBe(0.5);
  expect(calibrator.learn(1, 1.5, 20)).toBe(1.5);
  expect(factors()).toEqual([0.75, 1.25]);
  // Clamped to 2, at which the detector of key 0 says drift: from 1 again, half-way to 2.
  expect(calibrator.learn(0, 9, 30)).toBe(2);
  expect(factors()).toEqual([1.5, 1.25]);
  expect(seen).toEqual([[0, 0.5, 10], [1, 1.5, 20], [0, 2, 30]]);
});

const SEEDS = Array.from({ length: 40 }, (_, at) => at + 1);
const BEFORE = 400, AFTER = 300;

/**
 * Mean distance of the factor from the true level over the 300 answers after it went from 1 to
 * `level`, which takes 400 answers to come. Ratios are uniform within half of their level, so that no
 * clamp matters.
 */
function errorAfter(level: number, calibrator: Calibrator, seed: number): number {
  const random = substream(seed, "ratios");
  let sum = 0;
  for (let at = 0; at < BEFORE + AFTER; at++) {
    const now = at < BEFORE ? 1 : level;
    if (at >= BEFORE) sum += Math.abs(calibrator.factor(0) - now);
    calibrator.learn(0, now * (0.5 + random.next()), at);
  }
  return sum / AFTER;
}

/** What a detector changes about that error, paired over the seeds: below 0 it helps. */
function effectOf(calibrator: string, detector: string, level: number): Interval {
  return bootstrapMean(SEEDS.map((seed) => {
    const plain = () => createCalibrator(calibrator, 1);
    const parts = { calibrator: plain, detector: () => createDetector(detector) };
    return errorAfter(level, restarting(1, parts), seed) - errorAfter(level, plain(), seed);
  }));
}

describe.each(["adwin", "page-hinkley"])(
  "with %s, over 40 paired seeds (95 %% interval),",
  (name) => {
    // By ADWIN −0.285 (−0.288 to −0.281) of 0.374 and −0.267 (−0.271 to −0.264) of 0.373;
    // by Page–Hinkley −0.205 (−0.210 to −0.201) and −0.191 (−0.198 to −0.185).
    test.each([0.5, 1.5])("a running mean is nearer to the truth after a step to %d", (level) => {
      const { low, high } = effectOf("mean", name, level);
      expect(high).toBeLessThan(-0.15);
      expect(high - low).toBeLessThan(0.05);
    });

    test("a running mean is no worse where nothing drifts", () => {
      expect(effectOf("mean", name, 1).high).toBeLessThan(0.005);
    });

    // 0.012 (0.012 to 0.013) of 0.039 by either: what the docstring warns of.
    test("the EMA of weight 0.1, which forgets sooner than an alarm comes, loses by it", () => {
      expect(effectOf("ema", name, 0.5).low).toBeGreaterThan(0);
    });
  },
);
