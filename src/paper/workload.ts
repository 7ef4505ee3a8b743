import * as z from "zod";
import { parseWith } from "../errors/parse-with.ts";
import { type Random, substream, uniformInt, weightedIndex } from "../random/substream.ts";
import { CATEGORIES, type Category, CATEGORY_CAPS } from "./categories.ts";
import { lengthModel, lengthSpecOver } from "../workload/lengths/length-spec.ts";
import { FORM_COUNT } from "./prompts/forms.ts";
import { promptCounts } from "./prompts/prompt-counts.ts";
import { renderPrompt } from "./prompts/render-prompt.ts";
import { TOPIC_COUNT } from "./prompts/topics.ts";
import { TIERS } from "../workload/tiers.ts";
import { wordRatios, WordsPerTokenSpec } from "../workload/word-ratios.ts";
import type { Workload } from "../workload/workload.ts";

const Weight = z.number().min(0);
const someWeight = (weights: Record<string, number>) => Object.values(weights).some((w) => w > 0);
const NO_WEIGHT = { error: "at least one weight above 0" };
const CategoryWeights = z.strictObject({
  short_qa: Weight,
  summary: Weight,
  technical: Weight,
  report: Weight,
}).refine(someWeight, NO_WEIGHT);

const PhaseParameters = z.strictObject({
  /** Relative frequency of each category. */
  weights: CategoryWeights,
  /** Seconds between two arrivals: uniform in [gapMin, gapMax). */
  gapMin: z.number().min(0),
  gapMax: z.number().min(0),
}).refine(({ gapMin, gapMax }) => gapMin <= gapMax, {
  path: ["gapMax"],
  error: "a number >= gapMin",
});

/**
 * Every constant of the paper's workload. Source: driftsched reference, "Workload"; what the paper
 * leaves open (lengths, words per token) says so where it is defined.
 */
export const PaperWorkloadParameters = z.strictObject({
  seed: z.int().default(1),
  /** Requests in a run. Ten million are two days of the paper's stress phase. */
  requests: z.int().min(1).max(10_000_000).default(3000),
  /** Low load, mostly short questions. */
  learning: PhaseParameters.default({
    weights: { short_qa: 40, summary: 25, technical: 25, report: 10 },
    gapMin: 0.05,
    gapMax: 0.15,
  }),
  /** About ten times what one L4 serves, mostly long answers. */
  stress: PhaseParameters.default({
    weights: { short_qa: 10, summary: 20, technical: 40, report: 30 },
    gapMin: 0.005,
    gapMax: 0.03,
  }),
  /** Seconds between the emptied queue of the learning phase and the stress phase. */
  pauseSeconds: z.number().min(0).default(15),
  /** Relative frequency of the three tenants, one per tier. */
  tenantWeights: z.strictObject({ premium: Weight, standard: Weight, batch: Weight })
    .refine(someWeight, NO_WEIGHT)
    .default({ premium: 1, standard: 1, batch: 1 }),
  /** Cap on output tokens (`max_tokens`) per category. */
  caps: z.strictObject({
    short_qa: z.int().min(1),
    summary: z.int().min(1),
    technical: z.int().min(1),
    report: z.int().min(1),
  }).default({ ...CATEGORY_CAPS }),
  /** Whether the prompt's header names the job type, and so hands the classifier its answer. */
  labelInHeader: z.boolean().default(true),
  /** Whether the cap cuts answers; without it only the model's context does. */
  capIsClamp: z.boolean().default(true),
  /** Longest prompt plus answer, tokens (`max_model_len`). */
  contextTokens: z.int().min(1).default(2048),
  lengths: lengthSpecOver(CATEGORIES).prefault({ model: "fraction-of-cap" }),
  wordsPerToken: WordsPerTokenSpec.prefault({ model: "measured" }),
});
export type PaperWorkloadParameters = z.output<typeof PaperWorkloadParameters>;
/** {@link PaperWorkloadParameters} before defaults are filled in. */
export type PaperWorkloadInput = z.input<typeof PaperWorkloadParameters>;

/** Requests of the learning phase: 1,000, or a third (at least 100) of a run of fewer than 3,000. */
export function learningRequests(requests: number): number {
  if (requests >= 3000) return 1000;
  return Math.min(requests, Math.max(100, Math.floor(requests / 3)));
}

function drawPhase(
  gaps: Random,
  arrival: Float64Array,
  { gapMin, gapMax }: { gapMin: number; gapMax: number },
): void {
  let now = 0;
  for (let i = 0; i < arrival.length; i++) {
    now += gapMin + (gapMax - gapMin) * gaps.next();
    arrival[i] = now;
  }
}

/**
 * The paper's workload: two phases, four categories, three tenants, uniform gaps, prompts of our own
 * wording. Every column is drawn from its own substream of the seed, so that changing how lengths
 * are drawn leaves arrivals, tenants and prompts as they were.
 *
 * @example
 * const workload = paperWorkload({ seed: 7, requests: 600 });
 */
export function paperWorkload(input: PaperWorkloadInput = {}): Workload {
  const parameters = parseWith(PaperWorkloadParameters, input, "workload parameters");
  const { seed, requests: size, caps, contextTokens, capIsClamp, labelInHeader } = parameters;
  const learning = learningRequests(size);
  const stream = (name: string) => substream(seed, `paper-workload/${name}`);

  const arrival = new Float64Array(size);
  const gaps = stream("gaps");
  drawPhase(gaps, arrival.subarray(0, learning), parameters.learning);
  drawPhase(gaps, arrival.subarray(learning), parameters.stress);

  const category = new Uint8Array(size);
  const tier = new Uint8Array(size);
  const form = new Uint8Array(size);
  const topic = new Uint8Array(size);
  const maxTokens = new Int32Array(size);
  const promptTokens = new Int32Array(size);
  const promptWords = new Int32Array(size);
  const outputTokens = new Int32Array(size);
  const outputWords = new Int32Array(size);
  const draws = {
    categories: stream("categories"),
    tenants: stream("tenants"),
    forms: stream("forms"),
    topics: stream("topics"),
    lengths: stream("lengths"),
    words: stream("words"),
  };
  const weightsOf = (weights: Record<Category, number>) => CATEGORIES.map((name) => weights[name]);
  const learningWeights = weightsOf(parameters.learning.weights);
  const stressWeights = weightsOf(parameters.stress.weights);
  const tenantWeights = TIERS.map((name) => parameters.tenantWeights[name]);
  const lengths = lengthModel(parameters.lengths);
  const ratios = wordRatios(parameters.wordsPerToken);
  const specOf = (request: number) => ({
    request,
    tenant: TIERS[tier[request]],
    category: CATEGORIES[category[request]],
    form: form[request],
    topic: topic[request],
    labelInHeader,
  });

  for (let i = 0; i < size; i++) {
    category[i] = weightedIndex(draws.categories, i < learning ? learningWeights : stressWeights);
    tier[i] = weightedIndex(draws.tenants, tenantWeights);
    form[i] = uniformInt(draws.forms, FORM_COUNT);
    topic[i] = uniformInt(draws.topics, TOPIC_COUNT);
    const prompt = promptCounts(specOf(i));
    promptTokens[i] = prompt.tokens;
    promptWords[i] = prompt.words;
    const name = CATEGORIES[category[i]];
    const room = Math.max(1, contextTokens - prompt.tokens);
    maxTokens[i] = capIsClamp ? Math.min(caps[name], room) : room;
    const wanted = Math.round(lengths.draw(draws.lengths, name, caps[name]));
    outputTokens[i] = Math.min(maxTokens[i], Math.max(1, wanted));
    outputWords[i] = Math.max(1, Math.round(outputTokens[i] * ratios.draw(draws.words, name)));
  }

  const stressPhase = {
    name: "stress",
    first: learning,
    afterDrainSeconds: parameters.pauseSeconds,
  };
  return {
    name: "DriftSched paper workload",
    requests: {
      size,
      arrival,
      phases: learning < size
        ? [{ name: "learning", first: 0, afterDrainSeconds: 0 }, stressPhase]
        : [{ name: "learning", first: 0, afterDrainSeconds: 0 }],
      tenant: { codes: tier, names: TIERS },
      tier: { codes: tier, names: TIERS },
      category: { codes: category, names: CATEGORIES },
      maxTokens,
      promptTokens,
      promptWords,
      promptText: (request) => renderPrompt(specOf(request)),
    },
    truth: { outputTokens, outputWords },
    provenance: { source: "paper workload", seed, parameters: describe(parameters) },
  };
}

/** Parameters that JSON can hold: the name of a length model stands for its data or its function. */
function describe(parameters: PaperWorkloadParameters): Record<string, unknown> {
  const { lengths } = parameters;
  switch (lengths.model) {
    case "empirical": {
      const { model, name, tokens } = lengths;
      return { ...parameters, lengths: { model, name, n: tokens.length } };
    }
    case "own":
      return { ...parameters, lengths: { model: lengths.model, name: lengths.name } };
    default:
      return parameters;
  }
}
