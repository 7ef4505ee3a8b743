import fc from "fast-check";
import { expect, test } from "vitest";
import { PlannedStep } from "../../../src/servers/continuous/planned-step.ts";
import { Stretch } from "../../../src/servers/continuous/stretch.ts";
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
