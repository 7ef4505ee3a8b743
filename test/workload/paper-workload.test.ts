import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { classifyPrompt } from "../../src/estimation/classify.ts";
import { countWords } from "../../src/estimation/count-words.ts";
import { CATEGORIES } from "../../src/workload/categories.ts";
import {
  learningRequests,
  paperWorkload,
  type PaperWorkloadInput,
} from "../../src/workload/paper-workload.ts";
import { FORMS } from "../../src/workload/prompts/forms.ts";
import { TOPICS } from "../../src/workload/prompts/topics.ts";
import type { Workload } from "../../src/workload/workload.ts";

const LONG = Array.from({ length: 10 }, (_, seed) => paperWorkload({ seed }));

/** Share of rows [from, to) with each code, over all workloads. */
function shares(
  workloads: readonly Workload[],
  codesOf: (workload: Workload) => ArrayLike<number>,
  [from, to]: readonly [number, number],
): number[] {
  const counts: number[] = [];
  for (const workload of workloads) {
    const codes = codesOf(workload);
    for (let i = from; i < to; i++) counts[codes[i]] = (counts[codes[i]] ?? 0) + 1;
  }
  return counts.map((count) => count / (workloads.length * (to - from)));
}

function expectShares(seen: readonly number[], wanted: readonly number[], n: number): void {
  expect(seen.length).toBe(wanted.length);
  wanted.forEach((share, i) => {
    expect(Math.abs(seen[i] - share)).toBeLessThan(4 * Math.sqrt(share * (1 - share) / n));
  });
}

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

test("categories come 40/25/25/10 while learning and 10/20/40/30 under stress", () => {
  const codes = ({ requests }: Workload) => requests.category.codes;
  expectShares(shares(LONG, codes, [0, 1000]), [0.4, 0.25, 0.25, 0.1], 10_000);
  expectShares(shares(LONG, codes, [1000, 3000]), [0.1, 0.2, 0.4, 0.3], 20_000);
});

test("the three tenants are equally likely, have a tier each, and say nothing of the category", () => {
  expectShares(shares(LONG, ({ requests }) => requests.tier.codes, [0, 3000]), [
    1 / 3,
    1 / 3,
    1 / 3,
  ], 30_000);
  expect(LONG[0].requests.tenant).toEqual(LONG[0].requests.tier);
  const both = ({ requests }: Workload) =>
    requests.tier.codes.map((tier, i) => 4 * tier + requests.category.codes[i]);
  const independent = [0, 1, 2].flatMap(() => [0.1, 0.2, 0.4, 0.3].map((share) => share / 3));
  expectShares(shares(LONG, both, [1000, 3000]), independent, 20_000);
});

test("gaps are uniform: 50 to 150 ms while learning, 5 to 30 ms under stress, from 0 in each", () => {
  const check = (from: number, to: number, [low, high]: readonly [number, number]) => {
    const gaps = LONG.flatMap(({ requests: { arrival } }) =>
      Array.from(
        { length: to - from },
        (_, i) => arrival[from + i] - (i === 0 ? 0 : arrival[from + i - 1]),
      )
    );
    const n = gaps.length, width = high - low;
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(low - 1e-9);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(high + 1e-9);
    const tenths = new Int32Array(10);
    for (const gap of gaps) {
      tenths[Math.min(9, Math.max(0, Math.floor(10 * (gap - low) / width)))]++;
    }
    expectShares([...tenths].map((count) => count / n), Array(10).fill(0.1), n);
  };
  check(0, 1000, [0.05, 0.15]);
  check(1000, 3000, [0.005, 0.03]);
});

test("a seed gives the same workload again, two seeds share no column", () => {
  const twin = paperWorkload({ seed: 3 });
  const { promptText: _, ...columns } = twin.requests;
  expect(LONG[3].requests).toMatchObject(columns);
  expect(LONG[3].truth).toEqual(twin.truth);
  expect(LONG[3].provenance).toEqual(twin.provenance);
  for (const [left, right] of [[0, 1], [1, 2], [8, 9]]) {
    const a = LONG[left], b = LONG[right];
    expect(a.requests.arrival).not.toEqual(b.requests.arrival);
    expect(a.requests.category.codes).not.toEqual(b.requests.category.codes);
    expect(a.requests.tier.codes).not.toEqual(b.requests.tier.codes);
    expect(a.truth.outputTokens).not.toEqual(b.truth.outputTokens);
  }
});

test("runs of the same seed but other length begin alike: draws do not depend on what follows", () => {
  const [short, long] = [
    paperWorkload({ seed: 4, requests: 3000 }),
    paperWorkload({
      seed: 4,
      requests: 5000,
    }),
  ];
  expect(long.requests.category.codes.subarray(0, 3000)).toEqual(short.requests.category.codes);
  expect(long.requests.arrival.subarray(0, 3000)).toEqual(short.requests.arrival);
  expect(long.truth.outputTokens.subarray(0, 3000)).toEqual(short.truth.outputTokens);
});

/** Upper 99.999 % point of chi-squared, by Wilson and Hilferty. */
function chi2Limit(freedom: number): number {
  const a = 2 / (9 * freedom);
  return freedom * (1 - a + 4.265 * Math.sqrt(a)) ** 3;
}

test("what is drawn for a request in one respect says nothing of any other", () => {
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[values.length >> 1];
  const half = (values: readonly number[]) => {
    const middle = median(values);
    return values.map((value) => Number(value > middle));
  };
  const tokens = Int32Array.from({ length: 500 }, (_, i) => 100 + i);
  const columns: Record<string, number[]> = {};
  for (let seed = 0; seed < 4; seed++) {
    const { requests, truth } = paperWorkload({
      seed,
      // One draw a request, so that two streams of one name would keep in step.
      lengths: { model: "empirical", name: "even", tokens },
      capIsClamp: false,
    });
    const rows = Array.from({ length: 2000 }, (_, i) => 1000 + i);
    const { arrival, category, tier, promptText } = requests;
    const name = (row: number) => CATEGORIES[category.codes[row]];
    const ratio = (row: number) => truth.outputWords![row] / truth.outputTokens[row];
    const medians = CATEGORIES.map((_, code) =>
      median(rows.filter((row) => category.codes[row] === code).map(ratio))
    );
    const text = (row: number) => promptText!(row).split("\n")[1];
    const drawn = {
      gap: half(rows.map((row) => row === 1000 ? 0 : arrival[row] - arrival[row - 1])),
      category: rows.map((row) => category.codes[row]),
      tier: rows.map((row) => tier.codes[row]),
      form: rows.map((row) =>
        FORMS[name(row)].findIndex((form) => text(row).startsWith(form.prefix))
      ),
      topic: rows.map((row) => TOPICS.findIndex((topic) => text(row).includes(topic)) % 7),
      length: half(rows.map((row) => truth.outputTokens[row])),
      // Measured ratios have other medians from category to category.
      words: rows.map((row) => Number(ratio(row) > medians[category.codes[row]])),
    };
    for (const [key, codes] of Object.entries(drawn)) (columns[key] ??= []).push(...codes);
  }
  const names = Object.keys(columns);
  const suspicious = names.flatMap((a, i) =>
    names.slice(i + 1).filter((b) => {
      const [left, right] = [columns[a], columns[b]];
      const shape = [Math.max(...left) + 1, Math.max(...right) + 1];
      const table = Array.from({ length: shape[0] }, () => Array<number>(shape[1]).fill(0));
      left.forEach((code, row) => table[code][right[row]]++);
      const rowSums = table.map((cells) => cells.reduce((x, y) => x + y, 0));
      const columnSums = table[0].map((_, k) => table.reduce((sum, cells) => sum + cells[k], 0));
      let chi2 = 0;
      table.forEach((cells, j) =>
        cells.forEach((seen, k) => {
          const expected = rowSums[j] * columnSums[k] / left.length;
          chi2 += (seen - expected) ** 2 / expected;
        })
      );
      return !(chi2 < chi2Limit((shape[0] - 1) * (shape[1] - 1)));
    }).map((b) => `${a} and ${b}`)
  );
  expect(suspicious).toEqual([]);
});

/** Columns of what arrives, and the prompts. */
function arrivals({ requests }: Workload) {
  const { arrival, tenant, tier, category, phases } = requests;
  return { arrival, tenant, tier, category, phases };
}

test.each<[string, PaperWorkloadInput]>([
  ["other lengths", { lengths: { model: "fraction-of-cap", meanFraction: 0.4, cv: 1 } }],
  [
    "observed lengths",
    { lengths: { model: "empirical", name: "log", tokens: Int32Array.of(7, 70, 700) } },
  ],
  ["other words per token", { wordsPerToken: { model: "constant", ratio: 0.5 } }],
  ["other caps", { caps: { short_qa: 10, summary: 20, technical: 30, report: 40 } }],
  ["no cap as clamp", { capIsClamp: false }],
])("%s leave arrivals, tenants, categories and prompts as they were", (_name, change) => {
  const before = paperWorkload({ seed: 6, requests: 400 });
  const after = paperWorkload({ seed: 6, requests: 400, ...change });
  expect(arrivals(after)).toEqual(arrivals(before));
  expect(after.requests.promptTokens).toEqual(before.requests.promptTokens);
  for (const i of [0, 17, 399]) {
    expect(after.requests.promptText!(i)).toBe(before.requests.promptText!(i));
  }
});

test.each<[string, PaperWorkloadInput]>([
  [
    "another mix of categories",
    {
      stress: {
        weights: { short_qa: 1, summary: 0, technical: 0, report: 0 },
        gapMin: 0.005,
        gapMax: 0.03,
      },
    },
  ],
  ["other tenants", { tenantWeights: { premium: 0, standard: 1, batch: 1 } }],
  ["a longer pause", { pauseSeconds: 60 }],
])("%s leaves the gaps, and the lengths as shares of the cap, as they were", (_name, change) => {
  const lengths = { model: "fraction-of-cap", meanFraction: 0.5, cv: 0.3 } as const;
  const before = paperWorkload({ seed: 6, requests: 400, lengths });
  const after = paperWorkload({ seed: 6, requests: 400, lengths, ...change });
  expect(after.requests.arrival).toEqual(before.requests.arrival);
  const caps = [64, 256, 384, 512];
  const share = ({ truth, requests }: Workload, i: number) =>
    truth.outputTokens[i] / caps[requests.category.codes[i]];
  for (let i = 0; i < 400; i++) {
    if (share(before, i) >= 0.9 || share(after, i) >= 0.9) continue; // the cap cuts
    expect(Math.abs(share(after, i) - share(before, i))).toBeLessThan(1 / 64);
  }
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
  expect(arrivals(workload)).toEqual(arrivals(LONG[2]));
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
    'field stress.weights: got {"short_qa":0,"summary":0,"technical":0,"report":0}, expected a weight',
  ],
  [
    { tenantWeights: { premium: 0, standard: 0, batch: 0 } },
    'field tenantWeights: got {"premium":0,"standard":0,"batch":0}, expected a weight above 0',
  ],
  [
    { tenantWeights: { premium: 1 } },
    "field tenantWeights.standard: got undefined, expected number",
  ],
  [{ caps: { short_qa: 0, summary: 1, technical: 1, report: 1 } }, "field caps.short_qa: got 0"],
  [{ lengths: { model: "gamma" } }, 'field lengths.model: got "gamma", expected'],
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
