import { expect, test } from "vitest";
import { CATEGORIES, CATEGORY_CAPS } from "../../src/paper/categories.ts";
import { CLAIMS } from "../../src/paper/claims/ledger.ts";
import { KEYWORDS } from "../../src/paper/classify.ts";
import { PAPER_ESTIMATE } from "../../src/paper/estimate.ts";
import * as lists from "../../src/paper/policies.ts";
import { PAPER_EFFECTS } from "../../src/paper/stated-effects.ts";
import { PAPER_WRITERS } from "../../src/paper/metrics/live-writers.ts";

/** Paths of the objects and arrays within `value` that could still be changed. */
function changeable(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, part]) => changeable(part, `${path}.${key}`));
  return Object.isFrozen(value) ? inside : [path, ...inside];
}

test("a part that is not frozen is found", () => {
  expect(changeable(Object.freeze({ a: Object.freeze([]), b: { c: [] } }), "x"))
    .toEqual(["x.b", "x.b.c"]);
});

test.each<[string, unknown]>([
  ["CATEGORIES", CATEGORIES],
  ["CATEGORY_CAPS", CATEGORY_CAPS],
  ["PAPER_POLICIES", lists.PAPER_POLICIES],
  ["PAPER_CALIBRATIONS", lists.PAPER_CALIBRATIONS],
  ["PAPER_COUNTINGS", lists.PAPER_COUNTINGS],
  ["KEYWORDS", KEYWORDS],
  ["PAPER_ESTIMATE", PAPER_ESTIMATE],
  ["CLAIMS", CLAIMS],
  ["PAPER_WRITERS", PAPER_WRITERS],
  ["PAPER_EFFECTS", PAPER_EFFECTS],
])("%s is frozen at every level", (name, list) => {
  expect(changeable(list, name)).toEqual([]);
});

// What follows is copied from the reference, not from the code.
test("policies, calibrations, countings and categories are the paper's, in its order", () => {
  expect(lists.PAPER_POLICIES).toEqual(["fifo", "priority", "weighted", "sjf", "aging"]);
  expect(lists.PAPER_CALIBRATIONS).toEqual(["none", "ema"]);
  expect(lists.PAPER_COUNTINGS).toEqual(["split", "tokenizer"]);
  expect(Object.entries(CATEGORY_CAPS)).toEqual(
    [["short_qa", 64], ["summary", 256], ["technical", 384], ["report", 512]],
  );
  expect(CATEGORIES).toEqual(Object.keys(CATEGORY_CAPS));
  expect(CLAIMS.map(({ id, paper }) => [id, paper])).toEqual([
    ["C1", -0.388],
    ["C2", -0.405],
    ["C3", -0.42],
    ["C4", -0.16],
    ["C5", null],
    ["C6", null],
    ["C7", null],
    ["C8", null],
  ]);
});

test("constants with a name are members of their lists", () => {
  expect([lists.FIFO, lists.SJF]).toEqual(["fifo", "sjf"]);
  expect([lists.CALIBRATION_OFF, lists.CALIBRATION_ON]).toEqual(["none", "ema"]);
  expect([lists.COUNTING_WORDS, lists.COUNTING_TOKENS]).toEqual(["split", "tokenizer"]);
});

test("the estimate's numbers and keywords are the reference's", () => {
  expect(PAPER_ESTIMATE).toEqual({
    counting: "split",
    classifier: "auto",
    keywords: {
      rules: [
        { category: "summary", words: ["summarize", "summary"] },
        { category: "report", words: ["detailed", "report", "comprehensive"] },
        { category: "technical", words: ["architecture", "code", "technical"] },
      ],
      otherwise: "short_qa",
      categories: ["short_qa", "summary", "technical", "report"],
    },
    baseTokens: { short_qa: 64, summary: 256, technical: 384, report: 512 },
    defaultBaseTokens: 512,
    safetyFactors: { premium: 1.2, standard: 1, batch: 0.8 },
    inputScale: 1000,
    inputFactorMax: 1.5,
    calibrator: "ema",
    calibratorOptions: {},
    learnAgainst: "base",
  });
});
