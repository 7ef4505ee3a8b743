import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { ServerConfig } from "../continuous/config.ts";
import { secondsThrough } from "../continuous/front-end.ts";
import { GPUS } from "../gpus/bundled.ts";
import { MODELS } from "../models/bundled.ts";
import { KERNEL_PATHS } from "./kernel-path.ts";
import { type Precision, PRECISIONS } from "../models/precision.ts";
import { physicalCost } from "./physical-cost.ts";
import { roofline } from "./roofline.ts";
import type { StepCost } from "./step-cost.ts";

const cost = z.number().min(0);
const count = z.int().min(0);
const percent = z.number();
const share = z.number().positive().max(2);

/** Costs that were fitted: piecewise linear in the number of decoding sequences. Seconds. */
const FittedCost = z.strictObject({
  kind: z.literal("fitted"),
  /** Decoding sequences at the knots, ascending from 0, and the step's seconds there. */
  sequences: z.array(count).min(2),
  seconds: z.array(cost).min(2),
  perContextToken: cost,
  /** null where nothing is known of prefill: the log that was fitted held no prompts. */
  perPrefillToken: cost.nullable(),
  perPrefillSequence: cost.nullable(),
  perPrefillPair: cost.nullable(),
  /** Between two iterations (outputs, log, scheduling), on top of what the log times. */
  perLoop: cost,
  perLoopSequence: cost,
  /** What scatter and stalls add to a typical step on the average, as a share. */
  scatterShare: z.number().min(-0.5).max(10),
}).refine(({ sequences, seconds }) => sequences.length === seconds.length, {
  error: "as many seconds as sequences",
  path: ["seconds"],
}).refine(({ sequences }) => sequences.every((b, i) => i === 0 ? b === 0 : b > sequences[i - 1]), {
  error: "knots from 0, ascending",
  path: ["sequences"],
});

/** Costs from published sizes and measured ceilings. */
const RooflineCost = z.strictObject({
  kind: z.literal("roofline"),
  model: z.enum(Object.keys(MODELS) as [string, ...string[]]),
  gpu: z.enum(Object.keys(GPUS) as [string, ...string[]]),
  kernel: z.enum(Object.keys(KERNEL_PATHS) as [keyof typeof KERNEL_PATHS]).optional(),
  fixedSeconds: cost.optional(),
  prefillEfficiency: z.number().positive().max(2).optional(),
  attentionLossPerDoubling: cost.optional(),
  attentionLossCap: z.number().min(0).max(1).optional(),
  overlap: z.number().min(0).max(1).optional(),
});

/** Constants of a card's kernels that a server states for itself. */
const KernelUseFields = z.strictObject({
  fixedPerLayer: cost,
  fixedPerExpertLayer: cost,
  allReduceSeconds: cost,
  weightBandwidth: share,
  reading: share,
  matrixReading: share,
  overlap: z.number().min(0).max(1),
  promptMatmul: share,
  halfHidden: cost,
  expertPromptMatmul: share,
  promptAttention: share,
  samplerPasses: cost,
  emptyTile: cost,
  tileArithmetic: cost,
  cacheMiss: cost,
  hostFactor: z.number().positive(),
}).partial();

/** Costs from a model's sizes, and from what a card, its kernels and its host make of them. */
const PhysicalCost = z.strictObject({
  kind: z.literal("physical"),
  model: z.enum(Object.keys(MODELS) as [string, ...string[]]),
  gpu: z.enum(Object.keys(GPUS) as [string, ...string[]]),
  precision: z.enum(Object.keys(PRECISIONS) as [Precision, ...Precision[]]).optional(),
  tensorParallel: z.int().min(1).optional(),
  kvBytesPerValue: z.number().positive().max(4).optional(),
  enforceEager: z.boolean().optional(),
  typicalTokens: z.int().min(1).optional(),
  kernels: KernelUseFields.optional(),
});

/** How requests get to the scheduler. */
const FrontEnd = z.strictObject({
  cpuSeconds: cost,
  perPromptToken: cost.optional(),
  latencySeconds: cost.optional(),
  service: z.enum(["shared", "one by one"]),
});

/** Residuals of the steps of a region, seconds and percent of the fitted step. */
export const RegionResiduals = z.strictObject({
  /** Decoding sequences, both ends included. */
  sequences: z.tuple([count, count]),
  prefill: z.boolean(),
  steps: count,
  median_pct: percent,
  abs_median_pct: percent,
  abs_p95_pct: percent,
  /** Standard deviation between logs, each beside its own speed as a whole, percent; absent: one log. */
  between_logs_pct: percent.optional(),
});

/** What a fit says of itself. */
const FitReport = z.strictObject({
  /**
   * What was fitted. `stats lines` are means over seconds, and the cost is a coarse one: residuals
   * and steps are those of windows then. Absent: iterations.
   */
  basis: z.enum(["iterations", "stats lines"]).optional(),
  /**
   * What the logs do not tell: prompts, decoding, how much KV cache there is, or what a prefix cache
   * spared and let sequences share.
   */
  unknown: z.array(z.enum(["prefill", "decode", "context", "shared"])).optional(),
  logs: z.array(z.strictObject({
    source: z.string(),
    /** Data-parallel rank of the engine, and which of its starts; absent: the log's only one. */
    engine: z.string().optional(),
    run: count.optional(),
    steps: count,
    /** Steps in the log, where only every second, fourth, … block of it was fitted. */
    read: count.optional(),
    /** Lines that name an iteration and could not be read. */
    refused: count,
    otherLines: count,
    /** How much slower than typical the machine was during this log, stalls included, percent. */
    slower_pct: percent,
  })),
  residuals: z.array(RegionResiduals),
  noise: z.strictObject({
    /** Robust standard deviation of a step, percent. */
    step_sd_pct: percent,
    /** Share of steps more than half as long again as fitted, percent; and of time lost to them. */
    stalled_steps_pct: percent,
    stalled_time_pct: percent,
    /** Standard deviation between logs of the same server, percent. */
    between_logs_pct: percent,
    /**
     * Standard deviation of the speed of stretches within a log, percent; the steps of a stretch;
     * and how much of its strayed speed the next one keeps, 0 to 1.
     */
    drift_pct: percent.optional(),
    drift_steps: count.optional(),
    drift_kept: z.number().min(0).max(1).optional(),
  }),
  ranges: z.strictObject({
    sequences: z.tuple([count, count]),
    contextTokens: z.tuple([z.number(), z.number()]),
    prefillTokens: z.tuple([count, count]),
  }),
  /**
   * Share of the tokens attended to that sequences shared, where the requests of the logs are known: a
   * step may read them cheaper. Absent: 0.
   */
  sharedContext: z.number().min(0).max(1).optional(),
  /** Steps left out: recomputation after a preemption is not told apart in the log. */
  leftOut: count,
  /** What was left out, by reason; windows of stats lines too. */
  leftOutBy: z.record(z.string(), count).optional(),
});

/** A server as `deno task fit` writes it: what it costs to run on it, and where that comes from. */
export const ServerFile = z.strictObject({
  name: z.string().min(1),
  source: z.string().min(1),
  cost: z.discriminatedUnion("kind", [FittedCost, RooflineCost, PhysicalCost]),
  /** Seconds that the front end spends on a request before its prefill, one after the other. */
  perRequest: cost.default(0),
  /** The front end where requests meet in it. @default `perRequest`; of a physical cost its host's */
  frontEnd: FrontEnd.optional(),
  /** Flags for a recording that has no JSON of its own. */
  server: ServerConfig.optional(),
  fit: FitReport.optional(),
});
export type ServerFile = z.output<typeof ServerFile>;
export type FitReport = z.output<typeof FitReport>;

/** Flags that bear on what a step costs. */
export type CostFlags = Pick<ServerConfig, "max_num_seqs" | "async_scheduling">;

/**
 * The step cost of a server file under its flags. Beyond its last knot a fitted cost goes on along its
 * last two.
 *
 * @throws InputError when nothing is known of prefill
 */
export function stepCostOf(file: ServerFile, flags: CostFlags): StepCost {
  const found = ownCostOf(file, flags);
  if (file.frontEnd === undefined) return found;
  return { ...found, frontEnd: file.frontEnd, perRequest: secondsThrough(file.frontEnd) };
}

function ownCostOf(file: ServerFile, flags: CostFlags): StepCost {
  const { cost, perRequest, name, source } = file;
  const maxSequences = flags.max_num_seqs;
  if (cost.kind === "physical") {
    const { model, gpu, kind: _, ...options } = cost;
    const found = physicalCost(MODELS[model], GPUS[gpu], {
      ...options,
      maxSequences,
      asyncScheduling: flags.async_scheduling,
    });
    const own = perRequest > 0 ? { perRequest, frontEnd: undefined } : {};
    return { ...found, ...own, name, source };
  }
  if (cost.kind === "roofline") {
    const { model, gpu, kernel, kind: _, ...options } = cost;
    const found = roofline(MODELS[model], GPUS[gpu], {
      ...options,
      kernel: kernel === undefined ? undefined : KERNEL_PATHS[kernel],
      maxSequences,
      requestSeconds: perRequest,
    });
    return { ...found, name, source };
  }
  const { perPrefillToken, perPrefillSequence, perPrefillPair } = cost;
  if (perPrefillToken === null || perPrefillSequence === null || perPrefillPair === null) {
    throw new InputError({
      file: name,
      field: "cost.perPrefillToken",
      value: perPrefillToken,
      expected:
        "what a prompt costs, to simulate requests: the server was fitted to logs without " +
        "prompts",
    });
  }
  const slower = 1 + cost.scatterShare;
  const base = new Float64Array(maxSequences + 1);
  for (let b = 0; b <= maxSequences; b++) {
    base[b] = slower * interpolate(cost.sequences, cost.seconds, b) +
      cost.perLoop + cost.perLoopSequence * b;
  }
  return {
    name,
    base,
    perContextToken: new Float64Array(maxSequences + 1).fill(slower * cost.perContextToken),
    perPrefillToken: slower * perPrefillToken,
    perPrefillSequence: slower * perPrefillSequence + cost.perLoopSequence,
    perPrefillPair: slower * perPrefillPair,
    perRequest,
    source,
  };
}

function interpolate(at: readonly number[], values: readonly number[], x: number): number {
  let right = at.findIndex((knot) => knot >= x);
  if (right < 0) right = at.length - 1;
  right = Math.max(right, 1);
  const share = (x - at[right - 1]) / (at[right] - at[right - 1]);
  return Math.max(0, values[right - 1] + share * (values[right] - values[right - 1]));
}
