import fc from "fast-check";
import { expect, test } from "vitest";
import { PlannedStep } from "../../../src/servers/continuous/planned-step.ts";
import { Stretch } from "../../../src/servers/continuous/stretch.ts";
import { type MixedStepCost, PACKED } from "../../../src/servers/costs/mixed-step.ts";
import { InputError } from "../../../src/errors/input-error.ts";

const share = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1, noNaN: true }));

function stretchOf(base: number, perToken: number, decoding: number, context: number): Stretch {
  const stretch = new Stretch({
    name: "test",
    source: "test",
    base: new Float64Array(9).fill(base),
    perContextToken: new Float64Array(9).fill(perToken),
    perPrefillToken: 0,
    perRequest: 0,
  }, 8);
  const step = new PlannedStep(8);
  Object.assign(step, { sequences: decoding, decoding, context });
  stretch.price(step);
  return stretch;
}

test("repetitions end where step after step would end", () => {
  fc.assert(fc.property(
    share,
    share,
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 8, max: 9999 }),
    fc.integer({ min: 1, max: 500 }),
    share,
    (base, perToken, decoding, context, repeats, start) => {
      const stretch = stretchOf(base, perToken, decoding, context);
      stretch.start = start;
      stretch.run(repeats);
      let now = start, last = start;
      for (let i = 0; i < repeats; i++) {
        last = now;
        now += base + perToken * (context + i * decoding);
      }
      expect(Math.abs(stretch.end - now)).toBeLessThanOrEqual(1e-12 * now);
      expect(Math.abs(stretch.lastStart - last)).toBeLessThanOrEqual(1e-12 * last);
    },
  ));
});

test("the first repetition to reach an instant is the one a search finds, at its very end too", () => {
  const cost = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1, noNaN: true }));
  fc.assert(
    fc.property(
      cost,
      cost,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 8, max: 999 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 220 }),
      fc.boolean(),
      share,
      (base, perToken, decoding, context, most, reach, exactly, start) => {
        const stretch = stretchOf(base, perToken, decoding, context);
        stretch.start = 1000 * start;
        stretch.limit = stretch.endOf(reach) - (exactly ? 0 : base / 2);
        let first = 1;
        while (first < most && stretch.endOf(first) < stretch.limit) first++;
        expect(stretch.firstToReach(most)).toBe(first);
      },
    ),
    { numRuns: 2000 },
  );
});

test("prefill is paid by token, by sequence and by pair", () => {
  const stretch = new Stretch({
    name: "test",
    source: "test",
    base: Float64Array.of(1, 2),
    perContextToken: Float64Array.of(0, 0.5),
    perPrefillToken: 10,
    perPrefillSequence: 100,
    perPrefillPair: 1000,
    perRequest: 0,
  }, 1);
  const step = new PlannedStep(1);
  Object.assign(step, {
    decoding: 1,
    context: 4,
    prefilling: 2,
    prefillTokens: 3,
    prefillPairs: 5,
  });
  stretch.price(step);
  expect(stretch.endOf(1)).toBe(2 + 2 + 30 + 200 + 5000);
});

test("a cost model that knows fewer sequences than the server has seats is refused", () => {
  expect(() => stretchOf(1, 1, 1, 1)).not.toThrow();
  const cost = { name: "small", source: "test", perPrefillToken: 0, perRequest: 0 };
  const columns = { base: new Float64Array(8), perContextToken: new Float64Array(9) };
  expect(() => new Stretch({ ...cost, ...columns }, 8)).toThrow(InputError);
  expect(() => new Stretch({ ...cost, ...columns }, 8)).toThrow(/small, field base/);
});

/** A step with prompts, every term a power of ten of its own. */
const MIXED: MixedStepCost = {
  ...{ hostSeconds: 0, prepareSeconds: 0, preparePerSequence: 0, tailSeconds: 0 },
  ...{ fixedSeconds: 1e6, weights: Float64Array.of(0, 0, 2e7), overlap: 1 },
  ...{ perPromptToken: 1e6, perDecodeToken: 0, perSampledRow: 0 },
  ...{ perDecode: 0, perContextToken: 1e5, kvFactor: PACKED },
  ...{ perPair: 1e4, perWindowPair: 1e3, window: 2, perTile: 1e2, perToken: 1e1, perSample: 1 },
};

function mixedStretch(mixed: Partial<MixedStepCost>): Stretch {
  return new Stretch({
    ...{ name: "test", source: "test", perPrefillToken: NaN, perRequest: 0 },
    ...{ base: new Float64Array(9).fill(NaN), perContextToken: new Float64Array(9).fill(NaN) },
    mixed: { ...MIXED, ...mixed },
  }, 8);
}

test("a step with prompts is priced by its terms alone", () => {
  const stretch = mixedStretch({});
  const step = new PlannedStep(8);
  Object.assign(step, {
    ...{ sequences: 3, decoding: 1, context: 7, prefilling: 2, prefillTokens: 4 },
    ...{ prefillPairs: 9, longestChunk: 65, sampled: 2 },
  });
  stretch.price(step);
  stretch.run(1);
  // Reading hides multiplying; of the 9 pairs 4 × 2 lie in windows; the longest takes two tiles.
  expect(stretch.end).toBe(1e6 + 2e7 + 7e5 + 9e4 + 8e3 + 3 * 2 * 1e2 + 5 * 1e1 + 2);
});

test("the host begins when a step is planned: what it needs longer than the device waits counts", () => {
  const stretch = mixedStretch({
    ...{ fixedSeconds: 10, weights: Float64Array.of(0), perPromptToken: 0, perContextToken: 0 },
    ...{ perPair: 0, perWindowPair: 0, perTile: 0, perToken: 0, perSample: 0 },
    ...{ hostSeconds: 12, prepareSeconds: 2, preparePerSequence: 0.5, tailSeconds: 1 },
  });
  const step = new PlannedStep(8);
  Object.assign(step, { sequences: 2, prefilling: 2, prefillTokens: 4, longestChunk: 2 });
  const end = (planned: number, start: number) => {
    stretch.planned = planned;
    stretch.start = start;
    stretch.price(step);
    stretch.run(1);
    return stretch.end;
  };
  // Idle device: 2 + 2 × 0.5 before the first kernel, then 10; launched at 12, 1 more on the GPU.
  expect(end(0, 0)).toBe(13);
  // The step before runs for 2 more: the GPU would be through at 3 + 10 as well.
  expect(end(0, 2)).toBe(13);
  expect(end(0, 3.5)).toBe(13.5);
  expect(stretch.hostSeconds).toBe(12);
  // The host was through long before.
  expect(end(0, 20)).toBe(30);
});

test("steps take the host's seconds at least, until the context is long enough", () => {
  const stretch = new Stretch({
    ...{ name: "test", source: "test", perPrefillToken: 0, perRequest: 0 },
    base: new Float64Array(3).fill(1),
    perContextToken: new Float64Array(3).fill(0.25),
    floor: new Float64Array(3).fill(5),
  }, 2);
  const step = new PlannedStep(2);
  // 1 + 0.25 × (10 + 2 i): 3.5, 4, 4.5, 5, …
  Object.assign(step, { sequences: 2, decoding: 2, context: 10 });
  stretch.price(step);
  expect([stretch.most, stretch.endOf(1), stretch.endOf(3)]).toEqual([3, 5, 15]);
  step.context = 16;
  stretch.price(step);
  expect(stretch.most).toBeGreaterThan(1e6);
  expect([stretch.endOf(1), stretch.endOf(2)]).toEqual([5, 10.5]);
});
