import { describe, expect, test } from "vitest";
import { parseSchedulerOptions, type SchedulerOptionsInput } from "../../src/gateway/options.ts";
import { estimatesWarning } from "../../src/live/estimates-warning.ts";
import { paperScheduler } from "../../src/paper/scheduler.ts";
import { paperWorkload } from "../../src/paper/workload.ts";
import type { PolicyDefinition } from "../../src/policies/policy.ts";
import { handWorkload } from "../support/workloads.ts";

const size = 40;
/** Prompts of 10 to 400 tokens in no order; categories that do not go with them. */
const promptTokens = Array.from({ length: size }, (_, i) => 10 * (1 + (i * 17) % size));
const category = Array.from({ length: size }, (_, i) => i % 3);
const arrival = Array.from({ length: size }, (_, i) => i);
const mixed = handWorkload({ arrival, promptTokens, category });
const plain = handWorkload({ arrival, promptTokens });

const warn = (workload: typeof mixed, options: SchedulerOptionsInput) =>
  estimatesWarning(workload.requests, parseSchedulerOptions(options));
const sjf = (options: Record<string, unknown>): SchedulerOptionsInput => ({
  policy: "sjf",
  estimator: { name: "calibrated", options },
});

describe("SJF has nothing but the lengths of prompts to go by where", () => {
  test("the estimate is one constant, learned or not", () => {
    for (const calibrator of ["none", "ema"]) {
      const warning = warn(plain, sjf({ calibrator, defaultBaseTokens: 300 }));
      expect(warning).toContain("sjf has nothing but the lengths of prompts to go by");
      expect(warning).toContain("the same, 300 tokens");
      expect(warning).toContain("--categories, --base-tokens");
    }
  });

  test("every request has the same cap", () => {
    expect(warn(mixed, { policy: "sjf", estimator: "cap" })).toContain("the same");
  });

  test("estimates grow with the prompt and with nothing else", () => {
    const warning = warn(plain, sjf({ inputFactorMax: 1.5, calibrator: "ema" }));
    expect(warning).toContain("its estimates differ only as the prompts do");
  });

  test("there are categories, but the same base for each and nothing is learned", () => {
    expect(warn(mixed, sjf({ calibrator: "none" }))).toContain("the same, 512 tokens");
  });
});

describe("there is more to go by where", () => {
  test("categories have bases of their own", () => {
    const baseTokens = { short_qa: 60, summary: 250, technical: 400 };
    expect(warn(mixed, sjf({ baseTokens, calibrator: "none" }))).toBeNull();
  });

  test("categories begin alike, and a factor of each is learned", () => {
    expect(warn(mixed, sjf({ calibrator: "ema" }))).toBeNull();
  });

  test("the paper's keywords tell categories", () => {
    const { requests } = paperWorkload({ requests: 60 });
    expect(estimatesWarning(requests, parseSchedulerOptions(paperScheduler({ policy: "sjf" }))))
      .toBeNull();
  });
});

describe("nothing is said", () => {
  test("of policies that look at no estimate", () => {
    for (const policy of ["fifo", "priority", "aging"]) {
      expect(warn(plain, { policy, estimator: "cap" })).toBeNull();
    }
  });

  test("but of one's own that does, by its name", () => {
    const mine: PolicyDefinition = {
      name: "mine",
      create({ estimate }) {
        const queue: number[] = [];
        return {
          get size() {
            return queue.length;
          },
          push: (row) => queue.push(row),
          pop: () => queue.sort((a, b) => estimate[a] - estimate[b]).shift() ?? -1,
          remove: () => false,
        };
      },
    };
    expect(warn(plain, { policy: mine, estimator: "cap" })).toContain("mine has nothing but");
  });

  test("of a single request", () => {
    expect(warn(handWorkload({ arrival: [0] }), sjf({}))).toBeNull();
  });
});
