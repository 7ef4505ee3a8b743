import { expect, test } from "vitest";
import { CATEGORIES } from "../../src/paper/categories.ts";
import { paperWorkload, type PaperWorkloadInput } from "../../src/paper/workload.ts";
import { FORMS } from "../../src/paper/prompts/forms.ts";
import { TOPICS } from "../../src/paper/prompts/topics.ts";
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
