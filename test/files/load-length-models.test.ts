import { expect, test } from "vitest";
import { loadLengthModels } from "../../src/files/load-length-models.ts";
import { LengthSpec } from "../../src/workload/lengths/length-spec.ts";
import { paperWorkload } from "../../src/paper/workload.ts";

const mean = (tokens: Int32Array) => tokens.reduce((sum, value) => sum + value, 0) / tokens.length;

test("real lengths come as length models with the sizes and means that the notes give", async () => {
  const models = await loadLengthModels();
  const facts = Object.entries(models).map(([key, spec]) => {
    expect(LengthSpec.parse(spec)).toEqual(spec);
    return spec.model === "empirical"
      ? [key, spec.name, spec.tokens.length, Math.round(mean(spec.tokens))]
      : [];
  });
  expect(facts).toEqual([
    ["lmsys", "LMSYS-Chat-1M", 1024, 162],
    ["burstgpt", "BurstGPT v1", 888, 293],
    ["burstgptV2", "BurstGPT v2", 399, 171],
  ]);
});

test("the paper's workload draws its answers from them", async () => {
  const { burstgpt } = await loadLengthModels();
  const { requests, truth } = paperWorkload({
    requests: 900,
    lengths: burstgpt,
    capIsClamp: false,
  });
  const observed = new Set(burstgpt.model === "empirical" ? burstgpt.tokens : []);
  // The model's context cuts the longest.
  const free = truth.outputTokens.filter((tokens, i) => tokens < requests.maxTokens[i]);
  expect(free.length).toBeGreaterThan(890);
  expect(free.every((tokens) => observed.has(tokens))).toBe(true);
});
