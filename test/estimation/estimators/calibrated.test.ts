import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { parseWith } from "../../../src/errors/parse-with.ts";
import { createCalibrator } from "../../../src/estimation/calibrators/registry.ts";
import { calibrated } from "../../../src/estimation/estimators/calibrated.ts";
import { calibratedColumns } from "../../../src/estimation/estimators/calibrated-columns.ts";
import { CalibratedOptions } from "../../../src/estimation/estimators/calibrated-options.ts";
import { PAPER_ESTIMATE } from "../../../src/paper/estimate.ts";
import { paperWorkload } from "../../../src/paper/workload.ts";
import type { Requests } from "../../../src/workload/workload.ts";
import { handWorkload } from "../../support/workloads.ts";

const [PREMIUM, STANDARD, BATCH] = [0, 1, 2];
const [SHORT_QA, SUMMARY, TECHNICAL, REPORT] = [0, 1, 2, 3];

/** The paper's options, changed by `input`. */
function options(input: object = {}): CalibratedOptions {
  return parseWith(CalibratedOptions, { ...PAPER_ESTIMATE, ...input }, "estimate");
}

/** Estimate of a request after an answer of its category taught the factor `bias`. */
function estimateOf(
  requests: Requests,
  input: object = {},
  { request = 0, bias = 1 }: { request?: number; bias?: number } = {},
): number {
  const taught = options({
    ...input,
    calibratorOptions: { alpha: 1, ratioMin: 0, ratioMax: 100 },
    learnAgainst: "base",
  });
  const estimator = calibrated.create(requests, taught);
  if (bias !== 1) {
    const { base } = calibratedColumns(requests, taught);
    estimator.learn(request, { length: bias * base[request], atLeast: false }, 0);
  }
  const into = { mean: NaN };
  estimator.estimate(request, 0, into);
  return into.mean;
}

/** Estimate of one request of a category and tier with so many words in its prompt. */
function estimate(
  [category, tier, words]: readonly [number, number, number],
  bias = 1,
  input: object = {},
): number {
  const { requests } = handWorkload({
    arrival: [0],
    category: [category],
    tier: [tier],
    promptWords: [words],
  });
  return estimateOf(requests, input, { bias });
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
  const split = calibratedColumns(requests, options({ counting: "split" }));
  const tokenizer = calibratedColumns(requests, options({ counting: "tokenizer" }));
  expect([split.inputLength[0], split.inputFactor[0]]).toEqual([100, 1.1]);
  expect([tokenizer.inputLength[0], tokenizer.inputFactor[0]]).toEqual([300, 1.3]);
});

test("split is refused, by name, for a workload that holds no words", () => {
  const { requests } = handWorkload({ arrival: [0] });
  expect(() => calibratedColumns(requests, options({ counting: "split" }))).toThrow(InputError);
  expect(() => calibratedColumns(requests, options({ counting: "split" }))).toThrow(
    'field counting: got "split", expected tokenizer (this workload has token lengths only',
  );
});

test("keywords are refused, by name, for a workload that holds no text", () => {
  const { requests } = handWorkload({ arrival: [0], promptWords: [1] });
  expect(() => calibratedColumns(requests, options({ classifier: "keywords" }))).toThrow(
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
    const { category } = calibratedColumns(requests, options({ classifier }));
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
  const estimates = (input: object) => [0, 1].map((request) => estimateOf(own, input, { request }));
  expect(estimates(input)).toEqual([200, 1024]);
  expect(estimates({ counting: "tokenizer" })).toEqual([512, 512]);
});

test("what was computed for one set of options is not served for another", () => {
  const { requests } = handWorkload({ arrival: [0], promptWords: [100], promptTokens: [100] });
  const first = calibratedColumns(requests, options());
  expect(calibratedColumns(requests, options())).toBe(first);
  expect(calibratedColumns(requests, options({ inputScale: 10 })).inputFactor[0]).toBe(1.5);
  expect(calibratedColumns({ ...requests }, options())).not.toBe(first);
});

test("a category or tier named like a property of every object has the default base and factor", () => {
  const { requests } = handWorkload({ arrival: [0] });
  const named = {
    ...requests,
    category: { codes: Uint8Array.of(0), names: ["constructor"] },
    tier: { codes: Uint8Array.of(0), names: ["toString"] },
  };
  const columns = calibratedColumns(named, options({ counting: "tokenizer", classifier: "given" }));
  expect(columns.base[0]).toBe(512);
  expect(columns.safetyFactor[0]).toBe(1);
});

test("what a calibrator makes of its answers is no other set of columns", () => {
  const { requests } = handWorkload({ arrival: [0], promptWords: [100] });
  const first = calibratedColumns(requests, options());
  expect(calibratedColumns(requests, options({ calibrator: "none", learnAgainst: "estimate" })))
    .toBe(first);
});

test("without the paper's numbers there is one base for everything, and nothing is learned", () => {
  const { requests } = paperWorkload({ requests: 30 });
  const plain = calibrated.create(requests, CalibratedOptions.parse({}));
  expect(plain.unit).toBe("tokens");
  const into = { mean: NaN };
  for (let request = 0; request < 30; request++) {
    plain.estimate(request, request, into);
    expect(into.mean).toBe(512);
    plain.learn(request, { length: 17, atLeast: false }, request);
  }
  expect(new Set(Object.values(plain.factors!()))).toEqual(new Set([1]));
});

test("over a whole run the composition is floor(base × factor × safety × input) to the bit", () => {
  const { requests, truth } = paperWorkload({ seed: 8, requests: 400 });
  const bases: Record<string, number> = { short_qa: 64, summary: 256, technical: 384, report: 512 };
  const safeties: Record<string, number> = { premium: 1.2, standard: 1, batch: 0.8 };
  fc.assert(
    fc.property(
      fc.constantFrom("split" as const, "tokenizer" as const),
      fc.constantFrom("base" as const, "estimate" as const),
      fc.constantFrom("ema" as const, "none" as const),
      fc.shuffledSubarray([...Array(400).keys()]),
      (counting, learnAgainst, calibrator, order) => {
        const estimator = calibrated.create(
          requests,
          options({ counting, learnAgainst, calibrator }),
        );
        const factors = createCalibrator(calibrator, 4);
        const into = { mean: NaN };
        const answers = counting === "split" ? truth.outputWords! : truth.outputTokens;
        const prompts = counting === "split" ? requests.promptWords! : requests.promptTokens;
        for (const request of order) {
          const { codes, names } = requests.category;
          const base = bases[names[codes[request]]];
          const safety = safeties[requests.tier.names[requests.tier.codes[request]]];
          const input = Math.min(1.5, 1 + prompts[request] / 1000);
          const factor = factors.factor(codes[request]);
          estimator.estimate(request, 0, into);
          expect(into.mean).toBe(Math.floor(base * factor * safety * input));
          const expected = learnAgainst === "base" ? base : base * safety * input;
          estimator.learn(request, { length: answers[request], atLeast: false }, 1);
          factors.learn(codes[request], answers[request] / expected, 1);
        }
      },
    ),
    { numRuns: 20 },
  );
});
