import fc from "fast-check";
import { expect, test } from "vitest";
import { batchSeconds } from "../../src/servers/batch-seconds.ts";
import { PlannedStep } from "../../src/servers/continuous/planned-step.ts";
import { Stretch } from "../../src/servers/continuous/stretch.ts";
import { physicalCost } from "../../src/servers/costs/physical-cost.ts";
import { L4_QWEN15_1_8B } from "../../src/servers/costs/presets.ts";
import { L4 } from "../../src/servers/gpus/bundled.ts";
import { QWEN3_1_7B } from "../../src/servers/models/bundled.ts";
import { plainCost } from "../support/workloads.ts";
import { walkedSeconds } from "../simulation/naive-worker.ts";

const member = fc.record({
  prompt: fc.integer({ min: 1, max: 2000 }),
  output: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1500 })),
});

/** The same batch for both: all of them, in the middle of a workload that holds others too. */
function ofWorkload(batch: readonly { prompt: number; output: number }[]) {
  return {
    members: Int32Array.from(batch, (_, i) => i + 1),
    lengths: {
      promptTokens: Int32Array.from([9999, ...batch.map(({ prompt }) => prompt), 9999]),
      outputTokens: Int32Array.from([9999, ...batch.map(({ output }) => output), 9999]),
    },
  };
}

test("the closed form equals the walk from step to step, to 1e-12", () => {
  const cost = fc.constantFrom(
    L4_QWEN15_1_8B,
    plainCost({
      base: (b) => 0.01 + 0.0007 * b ** 1.5,
      perContextToken: (b) => 1e-6 / b,
      perPrefillToken: 3e-5,
      perRequest: 0.002,
    }),
    plainCost({ base: 0, perContextToken: 1 }),
  );
  fc.assert(
    fc.property(
      fc.array(member, { minLength: 1, maxLength: 64, size: "max" }),
      cost,
      (batch, cost) => {
        const { members, lengths } = ofWorkload(batch);
        const walked = walkedSeconds(batch, cost);
        const off = Math.abs(batchSeconds(members, lengths, cost) - walked);
        expect(off).toBeLessThanOrEqual(1e-12 * walked);
      },
    ),
    { numRuns: 300 },
  );
});

test("a batch by hand: two members, prompts of 3 and 5, answers of 2 and 4 tokens", () => {
  const cost = plainCost({
    base: (b) => 100 * b,
    perContextToken: (b) => b,
    perPrefillToken: 10,
    perRequest: 1000,
  });
  // Overhead 2 × 1000, prefill 200 + 8 × 10: each has its first token. One step of both over a context
  // of 4 + 6: 200 + 2 × 10. The first leaves; two steps of the other over 7, then 8: 107 + 108.
  const { members, lengths } = ofWorkload([{ prompt: 3, output: 2 }, { prompt: 5, output: 4 }]);
  expect(batchSeconds(members, lengths, cost)).toBe(2000 + 280 + 220 + 107 + 108);
});

test("answers of one token are there after the prefill", () => {
  const { members, lengths } = ofWorkload([{ prompt: 3, output: 1 }, { prompt: 5, output: 1 }]);
  expect(batchSeconds(members, lengths, plainCost({ base: 7, perPrefillToken: 1 }))).toBe(15);
});

test("the order of the members does not matter, and they stay in their order", () => {
  const batch = [5, 1, 30, 12, 30].map((output, i) => ({ prompt: 10 * i + 1, output }));
  const { members, lengths } = ofWorkload(batch);
  const seconds = batchSeconds(members, lengths, L4_QWEN15_1_8B);
  expect([...members]).toEqual([1, 2, 3, 4, 5]);
  expect(batchSeconds(members.toReversed(), lengths, L4_QWEN15_1_8B)).toBeCloseTo(seconds, 12);
});

test("a longer answer, a longer prompt or another member never makes a batch shorter", () => {
  fc.assert(
    fc.property(
      fc.array(member, { minLength: 1, maxLength: 32, size: "max" }),
      fc.nat(),
      member,
      (batch, pick, extra) => {
        const secondsOf = (list: typeof batch) => {
          const { members, lengths } = ofWorkload(list);
          return batchSeconds(members, lengths, L4_QWEN15_1_8B);
        };
        const before = secondsOf(batch);
        const at = pick % batch.length;
        const { prompt, output } = batch[at];
        const stretched = (by: Partial<typeof extra>) => batch.with(at, { ...batch[at], ...by });
        expect(secondsOf(stretched({ output: output + extra.output }))).toBeGreaterThan(before);
        expect(secondsOf(stretched({ prompt: prompt + extra.prompt }))).toBeGreaterThan(before);
        expect(secondsOf([...batch, extra])).toBeGreaterThan(before);
      },
    ),
    { numRuns: 200 },
  );
});

test("a physical cost's batch: the prompts' step as the engine prices it, steps at the host's floor", () => {
  const cost = physicalCost(QWEN3_1_7B, L4, { maxSequences: 8 });
  // Fast enough that short contexts are the host's and long ones the GPU's.
  const floor = new Float64Array(9).fill(cost.base[2] + 700 * cost.perContextToken[2]);
  const batch = [{ prompt: 200, output: 300 }, { prompt: 100, output: 300 }];
  const { members, lengths } = ofWorkload(batch);
  const step = new PlannedStep(8);
  Object.assign(step, {
    ...{ sequences: 2, prefilling: 2, prefillTokens: 300, longestChunk: 200, sampled: 2 },
    prefillPairs: 200 * 201 / 2 + 100 * 101 / 2,
  });
  for (const each of [cost, { ...cost, floor }]) {
    const stretch = new Stretch(each, 8);
    stretch.price(step);
    stretch.run(1);
    let expected = 2 * each.perRequest + stretch.end;
    for (let i = 0; i < 299; i++) {
      const gpu = each.base[2] + each.perContextToken[2] * (302 + 2 * i);
      expected += Math.max(gpu, each.floor![2]);
    }
    expect(batchSeconds(members, lengths, each)).toBeCloseTo(expected, 9);
  }
});
