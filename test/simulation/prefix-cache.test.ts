import { expect, test } from "vitest";
import { serve } from "../../src/servers/continuous/serve.ts";
import type { EstimatorDefinition } from "../../src/estimation/estimator.ts";
import { serverRequestsOf, simulate } from "../../src/simulation/simulate.ts";
import { generateWorkload } from "../../src/workload/generators/generate-workload.ts";
import { sharedPrefixTokens } from "../../src/workload/statistics/shared-prefixes.ts";
import { plainCost } from "../support/workloads.ts";

const constant = (tokens: number) => ({ model: "constant", tokens }) as const;
const CHATS = generateWorkload({
  requests: 300,
  streams: [{
    arrivals: { process: "poisson", rate: 4 },
    classes: [{
      prompt: constant(40),
      output: constant(48),
      prompts: {
        system: { texts: 2, tokens: constant(300) },
        conversation: {
          turns: { law: "geometric", mean: 4 },
          thinkSeconds: { mean: 6 },
        },
      },
    }],
  }],
});
const COST = plainCost({ base: 0.01, perPrefillToken: 1e-5 });
const FLAGS = { max_model_len: 8192, num_gpu_blocks: 40_000 };
const through = (config: Record<string, unknown>) =>
  simulate(CHATS, {
    dispatch: { rule: "pass-through" },
    server: { config: { ...FLAGS, ...config }, cost: COST },
  });
const total = (column: Int32Array) => column.reduce((sum, each) => sum + each, 0);

test("a run says what came from the cache, and is faster for it", () => {
  const on = through({}), off = through({ enable_prefix_caching: false });
  const { requests, truth } = CHATS;
  // With room for everything, only what is still being computed elsewhere can be missed.
  const { content } = serverRequestsOf(CHATS);
  const ideal = sharedPrefixTokens({
    content: content!,
    promptTokens: requests.promptTokens,
    ...truth,
  }, 16);
  on.cachedTokens.forEach((tokens, row) => expect(tokens).toBeLessThanOrEqual(ideal[row]));
  expect(total(on.cachedTokens)).toBeGreaterThan(0.95 * total(ideal));
  expect(total(off.cachedTokens)).toBe(0);
  const meanTtft = ({ firstToken, arrival }: typeof on) =>
    firstToken.reduce((sum, at, row) => sum + at - arrival[row], 0) / firstToken.length;
  expect(meanTtft(on)).toBeLessThan(meanTtft(off));
});

test("without a gateway in front it is the same", () => {
  const { requests } = CHATS;
  const served = serve(
    { ...serverRequestsOf(CHATS), arrival: requests.arrival },
    { ...FLAGS, scheduling_policy: "priority" },
    { cost: COST },
  );
  expect(through({}).cachedTokens).toEqual(served.cachedTokens);
});

test("a batch served whole has no cache: what came from it is not known", () => {
  expect(new Set(simulate(CHATS, { dispatch: { rule: "micro-batch" } }).cachedTokens))
    .toEqual(new Set([-1]));
});

test("an estimator is not told under which id an answer comes again", () => {
  expect(CHATS.requests.promptBlocks?.answers).toBeInstanceOf(Int32Array);
  const seen: unknown[] = [];
  const spy: EstimatorDefinition = {
    name: "spy",
    create: ({ promptBlocks }) => {
      seen.push(promptBlocks?.values, promptBlocks?.answers);
      return {
        unit: "tokens",
        estimate: (_request, _now, into) => void (into.mean = 1),
        learn() {},
      };
    },
  };
  simulate(CHATS, { scheduler: { estimator: spy } });
  expect(seen).toEqual([CHATS.requests.promptBlocks!.values, undefined]);
});
