import { expect, test } from "vitest";
import { PlannedStep } from "../../../src/servers/continuous/planned-step.ts";
import { Stretch } from "../../../src/servers/continuous/stretch.ts";
import { physicalCost } from "../../../src/servers/costs/physical-cost.ts";
import { priceLoads, type StepLoads } from "../../../src/servers/costs/price-loads.ts";
import { L4 } from "../../../src/servers/gpus/bundled.ts";
import { QWEN3_1_7B } from "../../../src/servers/models/bundled.ts";
import { plainCost } from "../../support/workloads.ts";

const loads: StepLoads = {
  decoding: Int32Array.of(3, 8, 0, 40),
  context: Float64Array.of(900, 4000, 0, 30_000),
  prefilling: Int32Array.of(0, 1, 1, 2),
  prefillTokens: Int32Array.of(0, 300, 20, 640),
  prefillPairs: Float64Array.of(0, 45_150, 210, 102_720),
};

test("logged steps cost what the engine takes for them, prompts of a step being equally long", () => {
  const costs = [
    physicalCost(QWEN3_1_7B, L4),
    // A host so slow that it decides.
    { ...physicalCost(QWEN3_1_7B, L4), floor: new Float64Array(257).fill(0.5) },
    {
      ...plainCost({ base: 0.1, perContextToken: 1e-6, perPrefillToken: 1e-4 }),
      ...{ perPrefillSequence: 0.01, perPrefillPair: 1e-7 },
    },
  ];
  for (const cost of costs) {
    const stretch = new Stretch(cost, 256);
    priceLoads(cost, loads).forEach((seconds, i) => {
      const step = new PlannedStep(256);
      const prefilling = loads.prefilling[i], decoding = loads.decoding[i];
      Object.assign(step, {
        ...{ decoding, prefilling, sequences: decoding + prefilling },
        ...{ context: loads.context[i], prefillTokens: loads.prefillTokens[i] },
        prefillPairs: loads.prefillPairs[i],
        longestChunk: prefilling === 0 ? 0 : loads.prefillTokens[i] / prefilling,
        sampled: decoding + prefilling,
      });
      stretch.price(step);
      stretch.run(1);
      expect(seconds).toBeCloseTo(stretch.end, 12);
    });
  }
});

test("of more sequences than the cost knows nothing is said", () => {
  const cost = plainCost({ base: 1, maxBatch: 8 });
  expect([...priceLoads(cost, loads)].map(Number.isNaN)).toEqual([false, false, false, true]);
});
