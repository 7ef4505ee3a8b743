import fc from "fast-check";
import type { ServerConfigInput } from "../../../../src/servers/continuous/config.ts";
import type { ServerWorkload } from "../../../../src/servers/continuous/serve.ts";
import type { MixedStepCost } from "../../../../src/servers/costs/mixed-step.ts";
import { contentOfPieces, type Piece } from "../../../../src/workload/content-of-pieces.ts";
import type { PromptContent } from "../../../../src/workload/prompt-content.ts";
import type { StepCost } from "../../../../src/servers/costs/step-cost.ts";
import type { StepPower } from "../../../../src/servers/costs/step-power.ts";

/** A random server with a random workload and random step costs. */
export interface RandomServer {
  readonly config: ServerConfigInput;
  readonly workload: ServerWorkload;
  readonly cost: StepCost;
  readonly power: StepPower;
}

const SEATS = 24;

/** Evenly spread: fast-check's own numbers favour the ends, where servers are idle. */
const between = (min: number, max: number) =>
  fc.noBias(fc.integer({ min: 0, max: 2 ** 24 })).map((at) => min + (max - min) * at / 2 ** 24);

/** How long one request is, as shares of what the server allows, and when it comes. */
const request = fc.record({
  prompt: fc.oneof(
    between(0, 0.05),
    between(0, 1),
  ),
  output: fc.oneof(
    fc.constant(0),
    between(0, 0.1),
    between(0, 1),
  ),
  /** Tokens that the cap lies above the answer's end. */
  spare: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 30 }),
  }),
  priority: fc.integer({ min: -1, max: 2 }),
  /** What its prompt begins with. */
  begins: fc.oneof(
    fc.constant({ kind: "alone" as const }),
    fc.record({ kind: fc.constant("text" as const), which: fc.nat(2) }),
    // As an earlier request did; with its answer; with both and another text between.
    fc.record({ kind: fc.constantFrom("prompt" as const, "turn" as const), back: between(0, 1) }),
  ),
  /** Gap to the request before, in mean gaps; often none. */
  gap: fc.oneof(
    fc.constant(0),
    between(0, 2),
    between(0, 20),
  ),
});

const server = fc.record({
  seats: fc.noBias(fc.integer({ min: 1, max: SEATS })),
  budget: fc.oneof(
    fc.noBias(fc.integer({ min: 0, max: 40 })),
    fc.noBias(fc.integer({ min: 0, max: 1500 })),
  ),
  length: fc.oneof(
    fc.noBias(fc.integer({ min: 2, max: 60 })),
    fc.noBias(fc.integer({ min: 40, max: 900 })),
  ),
  block_size: fc.constantFrom(1, 3, 8, 16, 16, 32),
  /** KV beyond what one sequence needs, in shares of what all seats could need. */
  room: fc.oneof(
    fc.constant(0),
    between(0, 0.4),
    between(0, 1),
  ),
  priority: fc.boolean(),
  chunked: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, {
    weight: 1,
    arbitrary: fc.constant(false),
  }),
  threshold: fc.oneof(fc.constant(0), fc.noBias(fc.integer({ min: 1, max: 100 }))),
  reserve: fc.boolean(),
  watermark: fc.constantFrom(0, 0, 0.01, 0.05, 0.3),
  async: fc.boolean(),
  caching: fc.boolean(),
});

const costs = fc.record({
  /** On a grid of 2^-20 s every sum is exact, so that arrivals meet step ends exactly. */
  exact: fc.boolean(),
  base: between(0.001, 0.03),
  perSequence: between(0, 0.002),
  perContextToken: fc.oneof(fc.constant(0), between(0, 1e-5)),
  perPrefillToken: fc.oneof(fc.constant(0), between(0, 1e-3)),
  perPrefillSequence: fc.oneof(fc.constant(0), between(0, 1e-3)),
  perPrefillPair: fc.oneof(fc.constant(0), between(0, 1e-7)),
  perRequest: fc.oneof(fc.constant(0), between(0, 0.01)),
  meanGap: fc.oneof(
    fc.constant(0),
    between(0, 0.05),
    between(0, 1),
  ),
});

const small = (max: number) => fc.oneof(fc.constant(0), between(0, max));

/** A step with prompts by its physical terms, its host now faster and now slower than its GPU. */
const mixedSteps: fc.Arbitrary<MixedStepCost> = fc.record({
  hostSeconds: small(0.05),
  prepareSeconds: small(0.01),
  preparePerSequence: small(1e-4),
  tailSeconds: small(0.005),
  fixedSeconds: between(0.001, 0.02),
  weights: fc.array(between(0, 0.02), { minLength: 1, maxLength: 9 }).map((list) =>
    Float64Array.from(list)
  ),
  perPromptToken: small(1e-4),
  perDecodeToken: small(1e-4),
  perSampledRow: small(1e-4),
  overlap: between(0, 1),
  perDecode: small(1e-4),
  perContextToken: small(1e-5),
  kvFactor: fc.record({
    arithmetic: small(2),
    overlap: between(0, 1),
    perMiss: small(4),
    cacheTokens: between(1, 5000),
    multiprocessors: fc.integer({ min: 1, max: SEATS }),
    most: between(1, 6),
  }),
  perPair: small(1e-7),
  perWindowPair: small(1e-7),
  window: fc.constantFrom(8, 64, Infinity),
  perTile: small(1e-4),
  perToken: small(1e-5),
  perSample: small(1e-4),
});

/** Costs that only some servers have. */
const further = fc.record({
  mixed: fc.option(mixedSteps, { nil: undefined }),
  floor: fc.option(between(0.001, 0.06), { nil: undefined }),
  frontEnd: fc.option(
    fc.record({
      cpuSeconds: small(0.02),
      perPromptToken: small(1e-4),
      latencySeconds: small(0.02),
      service: fc.constantFrom("shared" as const, "one by one" as const),
    }),
    { nil: undefined },
  ),
});

const powers = fc.record({
  idle: between(0, 100),
  base: between(10, 300),
  perSequence: between(0, 10),
  perContextToken: fc.oneof(fc.constant(0), between(0, 0.1)),
  perPrefillToken: fc.oneof(fc.constant(0), between(0, 0.2)),
});

type Begin = { readonly kind: "alone" } | { readonly kind: "text"; readonly which: number } | {
  readonly kind: "prompt" | "turn";
  readonly back: number;
};

/** Prompts of so many tokens that begin as said; what is left of them is a text of their own. */
function contentOf(
  begins: readonly Begin[],
  promptTokens: Int32Array,
  outputTokens: Int32Array,
): PromptContent {
  const prompts: Piece[][] = [];
  begins.forEach((begin, request) => {
    const pieces: Piece[] = [];
    let left = promptTokens[request];
    const add = (text: number, from: number, tokens: number) => {
      if (left > 0) pieces.push([text, from, Math.min(tokens, left)]);
      left -= Math.min(tokens, left);
    };
    if (begin.kind === "text") add(begin.which, 0, Math.ceil(left * 0.8));
    if ((begin.kind === "prompt" || begin.kind === "turn") && request > 0) {
      const other = Math.floor(begin.back * request);
      for (const piece of prompts[other]) add(...piece);
      if (begin.kind === "turn") add(-1 - other, 0, outputTokens[other]);
    }
    add(1000 + request, 0, left);
    prompts.push(pieces);
  });
  return contentOfPieces(prompts);
}

/** Servers short of seats, of budget and of KV, under every rule, with arrivals at any instant. */
export const randomServer: fc.Arbitrary<RandomServer> = fc
  .tuple(
    server,
    costs,
    powers,
    further,
    fc.noBias(fc.array(request, { minLength: 1, maxLength: 40, size: "max" })),
  )
  .map(([config, cost, power, { mixed, floor, frontEnd }, requests]) => {
    const most = config.length;
    const grid = (seconds: number) =>
      cost.exact ? Math.round(seconds * 2 ** 20) / 2 ** 20 : seconds;
    const promptTokens = Int32Array.from(
      requests,
      ({ prompt }) => 1 + Math.floor(prompt * (most - 2)),
    );
    const outputTokens = Int32Array.from(
      requests,
      ({ output }, i) => 1 + Math.floor(output * (most - promptTokens[i] - 1)),
    );
    const maxTokens = Int32Array.from(
      requests,
      ({ spare }, i) => Math.min(outputTokens[i] + spare, most - promptTokens[i]),
    );
    let clock = 0;
    const arrival = Float64Array.from(requests, ({ gap }) => clock += grid(gap * cost.meanGap));
    const content = contentOf(requests.map(({ begins }) => begins), promptTokens, outputTokens);
    const one = Math.ceil(most / config.block_size);
    const budget = Math.max(config.seats, 1) + config.budget;
    return {
      config: {
        max_num_seqs: config.seats,
        max_num_batched_tokens: config.chunked ? budget : Math.max(budget, most),
        max_model_len: most,
        num_gpu_blocks: 1 + one + Math.floor(config.room * one * config.seats),
        block_size: config.block_size,
        scheduling_policy: config.priority ? "priority" : "fcfs",
        enable_chunked_prefill: config.chunked,
        long_prefill_token_threshold: Math.min(config.threshold, most),
        scheduler_reserve_full_isl: config.reserve,
        watermark: config.watermark,
        async_scheduling: config.async,
        enable_prefix_caching: config.caching,
      },
      workload: {
        arrival,
        promptTokens,
        outputTokens,
        maxTokens,
        content,
        priority: Int32Array.from(requests, ({ priority }) => priority),
      },
      cost: {
        name: "random",
        source: "test",
        base: Float64Array.from(
          { length: SEATS + 1 },
          (_, b) => grid(cost.base + b * cost.perSequence),
        ),
        perContextToken: new Float64Array(SEATS + 1).fill(grid(cost.perContextToken)),
        perPrefillToken: grid(cost.perPrefillToken),
        perPrefillSequence: grid(cost.perPrefillSequence),
        perPrefillPair: grid(cost.perPrefillPair),
        perRequest: grid(cost.perRequest),
        ...mixed !== undefined && { mixed },
        ...floor !== undefined && { floor: new Float64Array(SEATS + 1).fill(floor) },
        ...frontEnd !== undefined && { frontEnd },
      },
      power: {
        idleWatts: power.idle,
        base: Float64Array.from(
          { length: SEATS + 1 },
          (_, b) => power.base + b * power.perSequence,
        ),
        perContextToken: new Float64Array(SEATS + 1).fill(power.perContextToken),
        perPrefillToken: power.perPrefillToken,
      },
    };
  });
