import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { classifyPrompt } from "../../src/paper/classify.ts";
import { countWords } from "../../src/estimation/count-words.ts";
import { CATEGORIES } from "../../src/paper/categories.ts";
import {
  learningRequests,
  paperWorkload,
  type PaperWorkloadInput,
} from "../../src/paper/workload.ts";
import type { Workload } from "../../src/workload/workload.ts";

const LONG = Array.from({ length: 3 }, (_, seed) => paperWorkload({ seed }));

test("3,000 requests: 1,000 to learn, then 2,000 under stress, 15 s after the queue emptied", () => {
  const { requests, truth } = paperWorkload();
  expect(requests.size).toBe(3000);
  expect(requests.phases).toEqual([
    { name: "learning", first: 0, afterDrainSeconds: 0 },
    { name: "stress", first: 1000, afterDrainSeconds: 15 },
  ]);
  const { arrival, maxTokens, promptTokens, promptWords, tenant, tier, category } = requests;
  for (
    const column of [
      arrival,
      maxTokens,
      promptTokens,
      promptWords!,
      tenant.codes,
      tier.codes,
      category.codes,
      truth.outputTokens,
      truth.outputWords!,
    ]
  ) expect(column.length).toBe(3000);
  expect(tier.names).toEqual(["premium", "standard", "batch"]);
  expect(category.names).toEqual(["short_qa", "summary", "technical", "report"]);
});

test.each([
  [1, 1],
  [50, 50],
  [100, 100],
  [101, 100],
  [299, 100],
  [300, 100],
  [303, 101],
  [600, 200],
  [2999, 999],
  [3000, 1000],
  [3001, 1000],
  [10_000, 1000],
])("of %i requests %i are for learning: a third, at least 100, at most 1,000", (n, learning) => {
  expect(learningRequests(n)).toBe(learning);
  const { requests } = paperWorkload({ requests: n });
  expect(requests.phases.map(({ first }) => first)).toEqual(learning < n ? [0, learning] : [0]);
});

test("answers end at the cap of their category, and many of them there", () => {
  const { requests: { maxTokens, category }, truth: { outputTokens } } = LONG[0];
  const caps = [64, 256, 384, 512];
  let cut = 0;
  expect(maxTokens).toEqual(Int32Array.from(category.codes, (code) => caps[code]));
  expect(outputTokens.every((tokens, i) => tokens >= 1 && tokens <= maxTokens[i])).toBe(true);
  for (let i = 0; i < 3000; i++) {
    if (outputTokens[i] === maxTokens[i]) cut++;
  }
  expect(cut / 3000).toBeGreaterThan(0.5);
  expect(cut / 3000).toBeLessThan(0.9);
});

test("without the cap as clamp, answers end where the model's context does", () => {
  const { requests, truth } = paperWorkload({
    requests: 500,
    capIsClamp: false,
    contextTokens: 600,
  });
  let beyondCap = 0, atContext = 0;
  const caps = [64, 256, 384, 512];
  for (let i = 0; i < 500; i++) {
    expect(requests.maxTokens[i]).toBe(600 - requests.promptTokens[i]);
    expect(truth.outputTokens[i]).toBeLessThanOrEqual(requests.maxTokens[i]);
    if (truth.outputTokens[i] > caps[requests.category.codes[i]]) beyondCap++;
    if (truth.outputTokens[i] === requests.maxTokens[i]) atContext++;
  }
  expect(beyondCap).toBeGreaterThan(250);
  expect(atContext).toBeGreaterThan(20);
});

test("a context shorter than the prompt still leaves room for one token", () => {
  const { requests, truth } = paperWorkload({ requests: 20, contextTokens: 1 });
  expect(new Set(requests.maxTokens)).toEqual(new Set([1]));
  expect(new Set(truth.outputTokens)).toEqual(new Set([1]));
});

test("prompts are counted as their text is", () => {
  const { requests } = LONG[1];
  for (let i = 0; i < 3000; i += 7) {
    expect(countWords(requests.promptText!(i))).toBe(requests.promptWords![i]);
  }
});

test("words of an answer are its tokens times a ratio, at least one", () => {
  const { truth } = paperWorkload({
    requests: 300,
    wordsPerToken: { model: "constant", ratio: 0.75 },
  });
  truth.outputTokens.forEach((tokens, i) => {
    expect(truth.outputWords![i]).toBe(Math.max(1, Math.round(tokens * 0.75)));
  });
  const sparse = paperWorkload({
    requests: 300,
    wordsPerToken: { model: "constant", ratio: 1e-6 },
  });
  expect(new Set(sparse.truth.outputWords)).toEqual(new Set([1]));
});

/** Share of each category's requests that the keyword rule takes for that category. */
function recognised(workload: Workload): Record<string, number> {
  const { promptText, category, size } = workload.requests;
  const right = [0, 0, 0, 0], all = [0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    const code = category.codes[i];
    all[code]++;
    if (classifyPrompt(promptText!(i)) === CATEGORIES[code]) right[code]++;
  }
  return Object.fromEntries(CATEGORIES.map((name, code) => [name, right[code] / all[code]]));
}

test("the header's label hands summary, report and technical prompts to the classifier", () => {
  const seen = recognised(LONG[2]);
  expect(seen).toEqual({ short_qa: 1, summary: 1, technical: 1, report: 1 });
});

test("without the label, technical prompts without a keyword are taken for short questions", () => {
  const workload = paperWorkload({ seed: 2, labelInHeader: false });
  const seen = recognised(workload);
  expect(seen.short_qa).toBe(1);
  // Two of five technical forms hold a keyword, four of five summary and report forms.
  expect(seen.technical).toBeCloseTo(0.4, 1);
  expect(seen.summary).toBeCloseTo(0.8, 1);
  expect(seen.report).toBeCloseTo(0.8, 1);
  const text = workload.requests.promptText!(0);
  expect(text).not.toContain(CATEGORIES[workload.requests.category.codes[0]]);
  expect(LONG[2].requests.promptText!(0)).toContain(
    CATEGORIES[LONG[2].requests.category.codes[0]],
  );
  // The switch changes the text, not who arrives when with what.
  expect(workload.requests.arrival).toEqual(LONG[2].requests.arrival);
  expect(workload.requests.tier).toEqual(LONG[2].requests.tier);
  expect(workload.requests.category).toEqual(LONG[2].requests.category);
});

test("provenance makes the workload again, but for observed lengths, which it names", () => {
  const first = paperWorkload({ seed: 8, requests: 150, labelInHeader: false });
  const parameters = JSON.parse(JSON.stringify(first.provenance.parameters));
  expect(paperWorkload(parameters).truth).toEqual(first.truth);
  const tokens = Int32Array.of(5, 6, 7);
  const observed = paperWorkload({
    requests: 5,
    lengths: { model: "empirical", name: "LMSYS", tokens },
  });
  expect(observed.provenance.parameters!.lengths)
    .toEqual({ model: "empirical", name: "LMSYS", n: 3 });
});

const weights = { short_qa: 1, summary: 1, technical: 1, report: 1 };
const none = { short_qa: 0, summary: 0, technical: 0, report: 0 };

test.each<[unknown, string]>([
  [{ requests: 0 }, "field requests: got 0, expected number to be >=1"],
  [{ requests: 1.5 }, "field requests: got 1.5, expected int"],
  [{ requests: "many" }, 'field requests: got "many", expected number'],
  [{ requests: NaN }, "field requests: got NaN, expected number"],
  [{ seed: 0.5 }, "field seed: got 0.5, expected int"],
  [{ requets: 10 }, "field requets: got 10, expected a known name"],
  [{ pauseSeconds: -1 }, "field pauseSeconds: got -1, expected number to be >=0"],
  [{ labelInHeader: "yes" }, 'field labelInHeader: got "yes", expected boolean'],
  [{ contextTokens: 0 }, "field contextTokens: got 0, expected"],
  [
    { learning: { weights, gapMin: -0.1, gapMax: 1 } },
    "field learning.gapMin: got -0.1, expected number to be >=0",
  ],
  [
    { stress: { weights, gapMin: 3, gapMax: 2 } },
    "field stress.gapMax: got 2, expected a number >= gapMin",
  ],
  [
    { stress: { weights: { ...weights, report: -1 }, gapMin: 0, gapMax: 1 } },
    "field stress.weights.report: got -1, expected number to be >=0",
  ],
  [
    { stress: { weights: { ...weights, code: 1 }, gapMin: 0, gapMax: 1 } },
    "field stress.weights.code: got 1, expected a known name",
  ],
  [
    { stress: { weights: none, gapMin: 0, gapMax: 1 } },
    'field stress.weights: got {"short_qa":0,"summary":0,"technical":0,"report":0}, expected at least one weight',
  ],
  [
    { tenantWeights: { premium: 0, standard: 0, batch: 0 } },
    'field tenantWeights: got {"premium":0,"standard":0,"batch":0}, expected at least one weight above 0',
  ],
  [
    { tenantWeights: { premium: 1 } },
    "field tenantWeights.standard: got undefined, expected number",
  ],
  [{ caps: { short_qa: 0, summary: 1, technical: 1, report: 1 } }, "field caps.short_qa: got 0"],
  [{ lengths: { model: "gamma" } }, 'field lengths.model: got "gamma", expected'],
  [
    { lengths: { model: "fraction-of-cap", meanFraction: { sumary: 1 } } },
    "field lengths.meanFraction.sumary: got 1, expected a known name",
  ],
  [
    { wordsPerToken: { model: "constant", ratio: 0 } },
    "field wordsPerToken.ratio: got 0, expected",
  ],
  [
    { wordsPerToken: { model: "measured", mean: -1 } },
    "field wordsPerToken.mean: got -1, expected",
  ],
  [3, "workload parameters: got 3, expected object"],
])("the parameters %j are refused with field, value and what was expected", (input, message) => {
  const make = () => paperWorkload(input as PaperWorkloadInput);
  expect(make).toThrow(InputError);
  expect(make).toThrow(message);
});
