import { expect, test } from "vitest";
import { loadArenaTrace } from "../../../src/files/load-arena.ts";
import { simulate } from "../../../src/paper/simulate.ts";
import { beliefOf, believedCategory } from "../../../src/runs/beliefs.ts";
import { ARENA_MAX_TOKENS } from "../../../src/workload/readers/formats/arena-trace.ts";
import { categoriesByClient } from "../../../src/workload/transforms/categories-by-client.ts";
import {
  categoriesByPromptLength,
} from "../../../src/workload/transforms/categories-by-prompt-length.ts";
import { mapTiers } from "../../../src/workload/transforms/map-tiers.ts";
import { smallWorkload } from "./support/small-workload.ts";

test("a client becomes a category of its own", () => {
  const { requests, provenance } = categoriesByClient(smallWorkload());
  expect(requests.category.names).toEqual(["a", "b", "c", "d"]);
  expect([...requests.category.codes]).toEqual([0, 1, 2, 1, 1, 2, 3]);
  expect(provenance.steps).toEqual(["made", "category of a request: its tenant"]);
});

test("clients of the arena with at least seven requests say 66 to 369 tokens on average", async () => {
  const { requests: { category: { codes, names } }, truth } = categoriesByClient(
    (await loadArenaTrace()).workload,
  );
  const means = names.map((_, code) => {
    const said = truth.outputTokens.filter((_, i) => codes[i] === code);
    return said.length < 7 ? NaN : said.reduce((sum, tokens) => sum + tokens, 0) / said.length;
  }).filter((value) => !Number.isNaN(value));
  expect([Math.min(...means), Math.max(...means)].map(Math.round)).toEqual([66, 369]);
});

test("prompt lengths fall into quartiles of equal size, but for ties", async () => {
  const { workload } = await loadArenaTrace();
  const { category } = categoriesByPromptLength(workload).requests;
  const sizes = category.names.map((_, code) => category.codes.filter((c) => c === code).length);
  expect(sizes.length).toBe(4);
  for (const size of sizes) expect(Math.abs(size - 375)).toBeLessThan(15);
  const first = workload.requests.promptTokens.filter((_, i) => category.codes[i] === 0);
  const second = workload.requests.promptTokens.filter((_, i) => category.codes[i] === 1);
  expect(Math.max(...first)).toBeLessThan(Math.min(...second));
});

test("bounds are the longest prompts of their categories", () => {
  // Prompts of 5, 1, 4, 2, 3, 7 and 6 tokens.
  const { requests, provenance } = categoriesByPromptLength(smallWorkload(), { bounds: [2, 5] });
  expect(requests.category.names).toEqual(["prompt 0–2", "prompt 3–5", "prompt over 5"]);
  expect([...requests.category.codes]).toEqual([1, 0, 1, 0, 1, 2, 2]);
  expect(provenance.steps?.at(-1)).toBe(
    "category of a request: length of its prompt, bounds 2, 5 tokens",
  );
});

test("equal quartiles make one category, not an empty one", () => {
  const small = smallWorkload();
  const requests = { ...small.requests, promptTokens: new Int32Array(7).fill(9) };
  const { category } = categoriesByPromptLength({ ...small, requests }).requests;
  expect(category.names).toEqual(["prompt 0–9", "prompt over 9"]);
  expect(new Set(category.codes)).toEqual(new Set([0]));
});

test("bounds that do not increase are refused", () => {
  for (const bounds of [[5, 5], [5, 2], [], [1.5]]) {
    expect(() => categoriesByPromptLength(smallWorkload(), { bounds })).toThrow(
      "categoriesByPromptLength options, field bounds",
    );
  }
});

test("each client of the arena gets a calibration factor of its own in a run", async () => {
  const workload = categoriesByClient(mapTiers((await loadArenaTrace()).workload));
  const run = simulate(workload, {
    scheduler: {
      estimator: { options: { counting: "tokenizer", defaultBaseTokens: ARENA_MAX_TOKENS } },
    },
  });
  const category = believedCategory(run), learned = beliefOf(run, "factorAfter");
  expect(category.names).toEqual(workload.requests.tenant.names);
  expect(new Set(beliefOf(run, "base"))).toEqual(new Set([1024]));
  const factors = new Map<number, number>();
  run.feedbackPlace.forEach((place, i) => {
    if (place >= 0) factors.set(category.codes[i], learned[i]);
  });
  expect(factors.size).toBe(27);
});
