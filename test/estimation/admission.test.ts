import { expect, test } from "vitest";
import { parseWith } from "../../src/errors/parse-with.ts";
import { InputError } from "../../src/errors/input-error.ts";
import { admissionColumns, estimateOutput, jobClass } from "../../src/estimation/admission.ts";
import { EstimateOptions } from "../../src/estimation/options.ts";
import { handWorkload } from "../support/workloads.ts";

const [PREMIUM, STANDARD, BATCH] = [0, 1, 2];
const [SHORT_QA, SUMMARY, TECHNICAL, REPORT] = [0, 1, 2, 3];

function options(input: unknown = {}): EstimateOptions {
  return parseWith(EstimateOptions, input, "estimate");
}

/** Estimate of one request of a category and tier with so many words in its prompt. */
function estimate(
  [category, tier, words]: readonly [number, number, number],
  bias = 1,
  input: unknown = {},
): number {
  const { requests } = handWorkload({
    arrival: [0],
    category: [category],
    tier: [tier],
    promptWords: [words],
  });
  return estimateOutput(admissionColumns(requests, options(input)), 0, bias);
}

test.each(
  [
    // 64 × 1 × 1.2 × 1.014 = 77.8752
    [[SHORT_QA, PREMIUM, 14], 77],
    // 256 × 1 × 1.2 × 1.02 = 313.344, and so on down the tiers: 261.12, 208.896
    [[SUMMARY, PREMIUM, 20], 313],
    [[SUMMARY, STANDARD, 20], 261],
    [[SUMMARY, BATCH, 20], 208],
    // 384 × 1 × 0.8 × 1.033 = 317.3376
    [[TECHNICAL, BATCH, 33], 317],
    [[REPORT, STANDARD, 0], 512],
  ] as const,
)("the estimate of %j (category, tier, words) is %d", (request, expected) => {
  expect(estimate(request)).toBe(expected);
});

test.each([
  [499, 920], // 512 × 1.2 × 1.499 = 920.9856
  [500, 921], // 512 × 1.2 × 1.5 = 921.6
  [501, 921],
  [100_000, 921],
])("the input factor ends at 1.5: a report of %d words is estimated at %d", (words, expected) => {
  expect(estimate([REPORT, PREMIUM, words])).toBe(expected);
});

test("the bias multiplies the base before the other factors, and the product is floored", () => {
  expect(estimate([TECHNICAL, PREMIUM, 33], 0.73)).toBe(347); // 347.48…
  expect(estimate([REPORT, BATCH, 27], 0.95)).toBe(399); // 399.63
  // (384 × 0.7) × 1 × 1.25 is 335.99… in binary; 384 × 1.25 × 0.7 would be 336.
  expect(estimate([TECHNICAL, STANDARD, 250], 0.7)).toBe(335);
});

test("split counts the prompt in words, tokenizer in tokens", () => {
  const { requests } = handWorkload({ arrival: [0], promptWords: [100], promptTokens: [300] });
  const split = admissionColumns(requests, options({ counting: "split" }));
  const tokenizer = admissionColumns(requests, options({ counting: "tokenizer" }));
  expect([split.inputTokens[0], split.inputFactor[0]]).toEqual([100, 1.1]);
  expect([tokenizer.inputTokens[0], tokenizer.inputFactor[0]]).toEqual([300, 1.3]);
});

test("split is refused, by name, for a workload that holds no words", () => {
  const { requests } = handWorkload({ arrival: [0] });
  expect(() => admissionColumns(requests, options({ counting: "split" }))).toThrow(InputError);
  expect(() => admissionColumns(requests, options({ counting: "split" }))).toThrow(
    'field counting: got "split", expected tokenizer (this workload holds token lengths only',
  );
});

test("keywords are refused, by name, for a workload that holds no text", () => {
  const { requests } = handWorkload({ arrival: [0], promptWords: [1] });
  expect(() => admissionColumns(requests, options({ classifier: "keywords" }))).toThrow(
    'field classifier: got "keywords", expected given',
  );
});

test("the classifier believes the text where there is one, the label where it is told to", () => {
  const withText = handWorkload({
    arrival: [0, 0],
    promptWords: [5, 5],
    category: [REPORT, SHORT_QA],
    promptText: (request) => request === 0 ? "How fast is it?" : "Show code",
  }).requests;
  const believed = (classifier: string, requests = withText) => {
    const { category } = admissionColumns(requests, options({ classifier }));
    return [...category.codes].map((code) => category.names[code]);
  };
  expect(believed("auto")).toEqual(["short_qa", "technical"]);
  expect(believed("keywords")).toEqual(["short_qa", "technical"]);
  expect(believed("given")).toEqual(["report", "short_qa"]);
  const withoutText = { ...withText, promptText: undefined };
  expect(believed("auto", withoutText)).toEqual(["report", "short_qa"]);
});

test("bases, safety factors and the input factor are parameters", () => {
  const input = {
    baseTokens: { report: 1000 },
    safetyFactors: { batch: 2 },
    inputScale: 100,
    inputFactorMax: 3,
  };
  expect(estimate([REPORT, BATCH, 100], 1, input)).toBe(4000);
  expect(estimate([REPORT, BATCH, 1000], 1, input)).toBe(6000);
  expect(estimate([REPORT, PREMIUM, 0], 1, input)).toBe(1000);
  // A category without a base of its own has the default one.
  expect(estimate([SUMMARY, PREMIUM, 0], 1, input)).toBe(512);
  expect(estimate([SUMMARY, PREMIUM, 0], 1, { ...input, defaultBaseTokens: 7 })).toBe(7);
});

test("a trace's own categories and tiers may be named, and the paper's defaults stay allowed", () => {
  const { requests } = handWorkload({ arrival: [0, 0], promptTokens: [0, 0], category: [0, 1] });
  const own = {
    ...requests,
    category: { codes: requests.category.codes, names: ["chat", "batch job"] },
    tier: { codes: requests.tier.codes, names: ["gold"] },
  };
  const input = { counting: "tokenizer", baseTokens: { chat: 100 }, safetyFactors: { gold: 2 } };
  const columns = admissionColumns(own, options(input));
  expect([0, 1].map((request) => estimateOutput(columns, request, 1))).toEqual([200, 1024]);
  const plain = admissionColumns(own, options({ counting: "tokenizer" }));
  expect([0, 1].map((request) => estimateOutput(plain, request, 1))).toEqual([512, 512]);
});

test("what was computed for one set of options is not served for another", () => {
  const { requests } = handWorkload({ arrival: [0], promptWords: [100], promptTokens: [100] });
  const first = admissionColumns(requests, options());
  expect(admissionColumns(requests, options())).toBe(first);
  expect(admissionColumns(requests, options({ inputScale: 10 })).inputFactor[0]).toBe(1.5);
  expect(admissionColumns({ ...requests }, options())).not.toBe(first);
});

test.each(
  [
    [0, "short"],
    [128, "short"],
    [129, "medium"],
    [512, "medium"],
    [513, "long"],
    [5000, "long"],
  ] as const,
)("a total budget of %d is %s", (budget, expected) => {
  expect(jobClass(budget)).toBe(expected);
});

test("a category or tier named like a property of every object has the default base and factor", () => {
  const { requests } = handWorkload({ arrival: [0] });
  const named = {
    ...requests,
    category: { codes: Uint8Array.of(0), names: ["constructor"] },
    tier: { codes: Uint8Array.of(0), names: ["toString"] },
  };
  const columns = admissionColumns(named, options({ counting: "tokenizer", classifier: "given" }));
  expect(columns.baseTokens[0]).toBe(512);
  expect(columns.safetyFactor[0]).toBe(1);
});
