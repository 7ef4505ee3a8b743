import { beforeAll, describe, expect, test } from "vitest";
import {
  constantsInUse,
  fitPhysical,
  type PhysicalConstants,
  physicalLoss,
  type PhysicalPoint,
} from "../../../src/fidelity/fit/fit-physical.ts";
import { loadPointOf } from "../../../src/fidelity/load-point.ts";
import { predictRecording } from "../../../src/fidelity/predict.ts";
import { loadL4Points } from "../../../src/files/load-recordings.ts";
import { physicalCost } from "../../../src/servers/costs/physical-cost.ts";
import { L4 } from "../../../src/servers/gpus/bundled.ts";
import { MODELS } from "../../../src/servers/models/bundled.ts";

async function pointsOf(name: "Qwen3-0.6B" | "Qwen3-1.7B"): Promise<PhysicalPoint[]> {
  const points = await loadL4Points(name);
  return points.map(({ measured, recording }) => ({
    ...{ model: MODELS[name], gpu: L4, measured, recording },
  }));
}

let small: PhysicalPoint[];
let large: PhysicalPoint[];
beforeAll(async () => {
  [small, large] = await Promise.all([pointsOf("Qwen3-0.6B"), pointsOf("Qwen3-1.7B")]);
});

/** Constants before anything was fitted: the card's own rates, and the published ones of the L4. */
const BEFORE: PhysicalConstants = {
  ...{ fixedPerLayer: 43.2e-6, reading: 1, matrixReading: 0.96, overlap: 0.4, promptMatmul: 0.85 },
  ...{ promptAttention: 0.8, samplerPasses: 4.5, tileArithmetic: 1, cacheMiss: 0.5 },
  ...{ cpuSeconds: 1.9e-3, latencySeconds: 4.4e-3 },
};

describe("on the load points of the L4", () => {
  test("the constants in use are near the best: a search from them gains little", () => {
    const both = [...small, ...large];
    const inUse = physicalLoss(both, constantsInUse(L4));
    expect(inUse).toBeLessThan(0.28);
    expect(physicalLoss(both, BEFORE)).toBeGreaterThan(1.3 * inUse);
    const { loss } = fitPhysical(both, { moves: 25 });
    expect(loss).toBeLessThanOrEqual(inUse);
    expect(loss).toBeGreaterThan(0.85 * inUse);
  }, 60_000);

  test("what is fitted to the small model alone holds for the large one", () => {
    const { constants, loss } = fitPhysical(small, { start: BEFORE, moves: 120 });
    expect(loss).toBeLessThan(0.8 * physicalLoss(small, BEFORE));
    // The reference's form, fitted to both models, has 0.344.
    expect(physicalLoss(large, constants)).toBeLessThan(0.26);
  }, 120_000);
});

test("numbers that constants made themselves are met, and a search finds back to them", () => {
  const cost = physicalCost(MODELS["Qwen3-0.6B"], L4);
  // Points that take a moment each.
  const brief = small.filter(({ recording: { requests } }) => requests.size <= 128);
  const made = brief.map((point) => {
    const { description, requests } = point.recording;
    const server = { cost, config: description.server };
    const { simulated } = predictRecording(point.recording, server);
    return { ...point, measured: loadPointOf(requests, simulated) };
  });
  const truth = constantsInUse(L4);
  expect(physicalLoss(made, truth)).toBe(0);
  const start = { ...truth, fixedPerLayer: 1.1 * truth.fixedPerLayer, cpuSeconds: 2.2e-3 };
  // Constants can stand in for each other: it is the steps that are found back, not each of them.
  const before = physicalLoss(made, start);
  expect(fitPhysical(made, { start, moves: 150 }).loss).toBeLessThan(0.15 * before);
}, 60_000);
