import { expect, test } from "vitest";
import { describeWorkload } from "../../src/analysis/describe-workload.ts";
import { handWorkload } from "../support/workloads.ts";

const COLUMNS = {
  arrival: [0, 1, 2, 3, 0, 1],
  category: [0, 0, 0, 3, 3, 3],
  promptTokens: [10, 20, 60, 7, 1, 3],
  outputTokens: [4, 6, 20, 9, 10, 30],
  phases: [
    { name: "calm", first: 0, afterDrainSeconds: 0 },
    { name: "storm", first: 4, afterDrainSeconds: 0 },
  ],
} as const;

/** The same with a cap of 20 tokens each. */
function capped(columns: object = {}) {
  const { requests, ...rest } = handWorkload({ ...COLUMNS, ...columns });
  return { ...rest, requests: { ...requests, maxTokens: new Int32Array(6).fill(20) } };
}

test("a row for each category that a phase has requests of, shares within the phase", () => {
  const rows = describeWorkload(capped()).objects() as Record<string, unknown>[];
  expect(rows.map(({ phase, category, requests, share }) => [phase, category, requests, share]))
    .toEqual([
      ["calm", "short_qa", 3, 0.75],
      ["calm", "report", 1, 0.25],
      ["storm", "report", 2, 1],
    ]);
  expect(rows[0]).toEqual({
    ...{ phase: "calm", category: "short_qa", requests: 3, share: 0.75 },
    ...{ prompt_mean: 30, output_mean: 10, output_p50: 6 },
    // 0.98 of the way from 6 to 20; one of three answers is as long as its cap.
    ...{ output_p99: expect.closeTo(19.72, 12), at_cap: 1 / 3 },
  });
  // Longer than the cap is not at the cap.
  expect(rows[2]).toMatchObject({ output_mean: 20, at_cap: 0 });
});

test("words per token are those of all answers together, where words are known", () => {
  const rows = describeWorkload(capped({ outputWords: [4, 3, 8, 9, 5, 5] })).objects();
  expect(rows).toMatchObject([
    { words_per_token: 0.5 },
    { words_per_token: 1 },
    { words_per_token: 0.25 },
  ]);
});

test("a phase without requests has no row", () => {
  const phases = [
    { name: "calm", first: 0, afterDrainSeconds: 0 },
    { name: "empty", first: 6, afterDrainSeconds: 0 },
  ];
  const rows = describeWorkload(capped({ phases })).objects() as { phase: string }[];
  expect(new Set(rows.map(({ phase }) => phase))).toEqual(new Set(["calm"]));
});
