import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import type { SchedulerOptionsInput } from "../../src/gateway/options.ts";
import { Scheduler } from "../../src/gateway/scheduler.ts";
import type { CalibratedOptionsInput } from "../../src/estimation/estimators/calibrated-options.ts";
import { paperScheduler } from "../../src/paper/scheduler.ts";
import type { BeliefColumn } from "../../src/runs/run.ts";
import { handWorkload } from "../support/workloads.ts";

const [PREMIUM, STANDARD, BATCH] = [0, 1, 2];
const [SHORT_QA, SUMMARY, , REPORT] = [0, 1, 2, 3];

/** The paper's scheduler before requests of these `[category, tier]`, each of 100 words and 200 tokens. */
function gateway(
  rows: readonly (readonly [number, number])[],
  options: SchedulerOptionsInput = {},
): Scheduler {
  const { requests } = handWorkload({
    arrival: rows.map((_, i) => i),
    category: rows.map(([category]) => category),
    tier: rows.map(([, tier]) => tier),
    promptWords: rows.map(() => 100),
    promptTokens: rows.map(() => 200),
  });
  return new Scheduler(requests, paperScheduler(options));
}

/** The same with options of the paper's estimator. */
const estimating = (options: CalibratedOptionsInput): SchedulerOptionsInput => ({
  estimator: { options },
});

/** What the estimator believed of each request, by name. */
const belief = (scheduler: Scheduler, name: string) =>
  scheduler.beliefs[name] as Exclude<BeliefColumn, { readonly names: unknown }>;
const learned = (scheduler: Scheduler, request: number) =>
  ["factorBefore", "ratio", "factorAfter"].map((name) => belief(scheduler, name)[request]);

const words = (outputWords: number) => ({ outputTokens: 1000, outputWords });

test("admission writes down when, with which factor, and what was estimated", () => {
  const scheduler = gateway([[SUMMARY, PREMIUM], [SUMMARY, BATCH]]);
  scheduler.admit(0, 12.5);
  const { record } = scheduler;
  expect(record.queuedAt[0]).toBe(12.5);
  expect(belief(scheduler, "factor")[0]).toBe(1);
  expect(record.estimatedOutput[0]).toBe(337); // 256 × 1.2 × 1.1 = 337.92
  expect(record.totalBudget[0]).toBe(437);
  expect(record.actualOutput[0]).toBe(-1);
  expect(record.feedbackPlace[0]).toBe(-1);
  expect(learned(scheduler, 0)).toEqual([NaN, NaN, NaN]);
  // Of what has not come nothing is known.
  expect([record.queuedAt[1], belief(scheduler, "factor")[1]]).toEqual([NaN, NaN]);
  expect([record.estimatedOutput[1], record.totalBudget[1]]).toEqual([NaN, NaN]);
});

test("with tokenizer counting, prompt and answer are counted in tokens", () => {
  const scheduler = gateway([[SUMMARY, STANDARD]], estimating({ counting: "tokenizer" }));
  scheduler.admit(0, 0);
  expect(scheduler.record.estimatedOutput[0]).toBe(307); // 256 × 1.2 = 307.2
  expect(scheduler.record.totalBudget[0]).toBe(507);
  scheduler.observe(scheduler.next(1), { outputTokens: 128 }, 2);
  expect(scheduler.record.actualOutput[0]).toBe(128);
  expect(belief(scheduler, "ratio")[0]).toBe(0.5);
});

test("feedback moves the factor of its category and the next estimate, not the ones made", () => {
  const scheduler = gateway([[SUMMARY, STANDARD], [SUMMARY, STANDARD], [REPORT, STANDARD]]);
  scheduler.admit(0, 0);
  scheduler.observe(scheduler.next(0), words(128), 0.5);
  scheduler.admit(1, 1);
  scheduler.admit(2, 1);
  const { record } = scheduler;
  expect(learned(scheduler, 0)).toEqual([1, 0.5, 0.9500000000000001]);
  expect(record.feedbackPlace[0]).toBe(0);
  expect(scheduler.factors()).toEqual({
    short_qa: 1,
    summary: 0.9500000000000001,
    technical: 1,
    report: 1,
  });
  expect(scheduler.beliefs.category).toMatchObject({
    names: ["short_qa", "summary", "technical", "report"],
  });
  expect([...belief(scheduler, "factor")]).toEqual([1, 0.9500000000000001, 1]);
  expect([...record.estimatedOutput]).toEqual([281, 267, 563]); // 281.6, 267.52, 563.2
});

test("a short answer is learned as at least a quarter of the base, a long one as three of it", () => {
  const scheduler = gateway([[SUMMARY, STANDARD], [SUMMARY, STANDARD]]);
  scheduler.admit(0, 0);
  scheduler.admit(1, 0);
  scheduler.observe(0, words(1), 1);
  scheduler.observe(1, words(256 * 5), 1);
  expect([...belief(scheduler, "ratio")]).toEqual([0.25, 3]);
});

test("learning against the estimate takes the tier's and the input's factors out of the ratio", () => {
  const learned = (learnAgainst: "base" | "estimate") => {
    const scheduler = gateway([[SUMMARY, PREMIUM], [SUMMARY, BATCH]], estimating({ learnAgainst }));
    [0, 1].forEach((request) => {
      scheduler.admit(request, request);
      scheduler.observe(scheduler.next(request), words(200), request);
    });
    return [...belief(scheduler, "ratio")];
  };
  expect(learned("base")).toEqual([200 / 256, 200 / 256]);
  expect(learned("estimate")).toEqual([200 / (256 * 1.2 * 1.1), 200 / (256 * 0.8 * 1.1)]);
});

test("learning against the estimate leaves out the bias, so the factor settles at the answers' true share", () => {
  const n = 400;
  const scheduler = gateway(
    Array.from({ length: n }, (_, i) => [SUMMARY, i % 3] as const),
    estimating({ learnAgainst: "estimate" }),
  );
  for (let request = 0; request < n; request++) {
    scheduler.admit(request, request);
    const wanted = ["base", "safetyFactor", "inputFactor"].reduce(
      (product, name) => product * belief(scheduler, name)[request],
      0.6,
    );
    scheduler.observe(scheduler.next(request), words(Math.round(wanted)), request);
  }
  // Each answer is off by half a word of 225 at most, and so is their moving mean.
  expect(Math.abs(scheduler.factors().summary - 0.6)).toBeLessThan(0.5 / 225);
});

test("without calibration nothing is learned, but what came is written down", () => {
  const scheduler = gateway(
    [[SUMMARY, STANDARD], [SUMMARY, STANDARD]],
    estimating({ calibrator: "none" }),
  );
  scheduler.admit(0, 0);
  scheduler.observe(scheduler.next(0), words(1024), 0.5);
  scheduler.admit(1, 1);
  const { record } = scheduler;
  expect(record.actualOutput[0]).toBe(1024);
  expect([...learned(scheduler, 0), belief(scheduler, "factor")[1]]).toEqual([1, 4, 1, 1]);
  expect(record.estimatedOutput[1]).toBe(record.estimatedOutput[0]);
});

test("whoever waits is counted, over all and by tier", () => {
  const scheduler = gateway([
    [SHORT_QA, BATCH],
    [SHORT_QA, PREMIUM],
    [SHORT_QA, BATCH],
    [SHORT_QA, STANDARD],
  ]);
  const counts = () => [scheduler.waiting, ...scheduler.waitingByTier];
  expect(counts()).toEqual([0, 0, 0, 0]);
  for (let request = 0; request < 4; request++) scheduler.admit(request, request);
  expect(counts()).toEqual([4, 1, 1, 2]);
  expect(scheduler.next(5)).toBe(0);
  expect(counts()).toEqual([3, 1, 1, 1]);
  expect(scheduler.cancel(3, 5)).toBe(true);
  expect(counts()).toEqual([2, 1, 0, 1]);
  expect([scheduler.cancel(3, 5), scheduler.cancel(0, 5)]).toEqual([false, false]);
  expect([scheduler.next(5), scheduler.next(5), scheduler.next(5)]).toEqual([1, 2, -1]);
  expect(counts()).toEqual([0, 0, 0, 0]);
});

test("the policy decides who goes next, and is told the time", () => {
  const rows = [[REPORT, BATCH], [SHORT_QA, PREMIUM]] as const;
  const firstAt = (options: SchedulerOptionsInput, second: number, now: number) => {
    const scheduler = gateway(rows, options);
    scheduler.admit(0, 0);
    scheduler.admit(1, second);
    return scheduler.next(now);
  };
  expect(firstAt({ policy: "fifo" }, 1, 2)).toBe(0);
  expect(firstAt({ policy: "priority" }, 1, 2)).toBe(1);
  expect(firstAt({ policy: "sjf" }, 1, 2)).toBe(1);
  expect(firstAt({ policy: "aging" }, 199, 199)).toBe(1);
  expect(firstAt({ policy: "aging" }, 201, 201)).toBe(0);
  expect(firstAt({ policy: { name: "aging", options: { ratePerSecond: 1 } } }, 3, 3)).toBe(0);
});

test("SJF goes by the budget as estimated on admission, not by what was learned since", () => {
  const scheduler = gateway(
    [[REPORT, STANDARD], [REPORT, STANDARD], [SUMMARY, STANDARD]],
    { policy: "sjf", ...estimating({ calibratorOptions: { alpha: 1 } }) },
  );
  scheduler.admit(0, 0);
  scheduler.admit(1, 0);
  expect(scheduler.next(0)).toBe(0);
  scheduler.observe(0, words(128), 1); // reports are a quarter of what was thought
  scheduler.admit(2, 1);
  expect(scheduler.factors().report).toBe(0.25);
  expect([scheduler.next(1), scheduler.next(1)]).toEqual([2, 1]);
});

test("a finished request without words is refused, by row and field, where words are counted", () => {
  const scheduler = gateway([[SUMMARY, STANDARD]]);
  scheduler.admit(0, 0);
  const observe = () => scheduler.observe(scheduler.next(0), { outputTokens: 5 }, 1);
  expect(observe).toThrow(InputError);
  expect(observe).toThrow("field outputWords: got undefined, expected a number of words");
});

test.each<[unknown, string]>([
  [{ policy: "lifo" }, 'field policy: got "lifo", expected one of fifo, priority, weighted'],
  [{ policy: 3 }, "field policy: got 3, expected the name of a policy (fifo, priority, weighted"],
  [{ polcy: "fifo" }, 'field polcy: got "fifo", expected a known name'],
  [
    { policy: { options: { speed: 1 } } },
    "options of policy fifo, field speed: got 1, expected a known name",
  ],
  [{ policy: { name: "fifo", options: 7 } }, "policy.options: got 7, expected an object"],
  [{ policy: { name: "fifo", options: [] } }, "field policy.options: got [], expected an object"],
  [{ policy: { name: "fifo", optoins: {} } }, "field policy.optoins: got {}, expected a known"],
  [{ estimator: "crystal ball" }, 'estimator: got "crystal ball", expected one of calibrated, cap'],
  [{ estimator: { name: "cap", options: { a: 1 } } }, "field a: got 1, expected no options"],
  [estimating({ counting: "words" as never }), 'field counting: got "words", expected one of'],
  [estimating({ baseTokens: { report: 0 } }), "field baseTokens.report: got 0"],
  [estimating({ safetyFactors: { premium: "x" as never } }), 'safetyFactors.premium: got "x"'],
  [
    estimating({ baseTokens: { sumary: 300 } }),
    "field baseTokens.sumary: got 300, expected a known name, one of short_qa, summary",
  ],
  [
    estimating({ safetyFactors: { Premium: 2 } }),
    "field safetyFactors.Premium: got 2, expected a known name, one of premium, standard",
  ],
  [estimating({ inputFactorMax: 0.5 }), "field inputFactorMax: got 0.5, expected"],
  [estimating({ base: 1 } as never), "field base: got 1, expected a known name"],
  [estimating({ classifier: "keywords" }), 'field classifier: got "keywords", expected given'],
  [estimating({ calibrator: "kalman" }), 'field calibrator: got "kalman", expected one of'],
  [
    estimating({ calibratorOptions: { alpha: 2 } }),
    "field alpha: got 2, expected number to be <=1",
  ],
  [estimating({ learnAgainst: "bias" as never }), "field learnAgainst: got"],
  [{ feedbackOrder: 1 }, "field feedbackOrder: got 1, expected one of"],
  [null, "scheduler options: got null, expected object"],
])("the options %j are refused with field, value and what was expected", (options, message) => {
  const make = () => gateway([[SUMMARY, STANDARD]], options as SchedulerOptionsInput);
  expect(make).toThrow(InputError);
  expect(make).toThrow(message);
});
