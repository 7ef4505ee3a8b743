import { log2 } from "../../math/log2.ts";
import type { FitReport, ServerFile } from "../../servers/costs/server-file.ts";
import type { SustainedShare } from "../../servers/costs/gpu.ts";
import type { Ceilings } from "../../servers/costs/step-cost.ts";
import type { Server } from "../../servers/server.ts";
import type { Drift } from "./machine-clock.ts";

/**
 * How well it is known what a server costs: standard deviations as shares (0.05 for 5 %), each on the
 * typical cost of its part. What a run can't choose (the day's machine) and what nobody measured
 * (a ceiling) are the same to a prediction: it holds for none of them for sure.
 */
export interface ServerDoubt {
  /**
   * The machine in a run as a whole, over the typical one: `mean` slower on the average, by a Student's
   * t of so many degrees of freedom, because few runs are known.
   */
  readonly speed: { readonly mean: number; readonly sd: number; readonly freedom: number };
  /** How its speed strays within a run. */
  readonly drift: Drift;
  /** How single steps scatter: over so many seconds, a few steps, each for itself. */
  readonly scatter: { readonly sd: number; readonly seconds: number };
  /** Stalls: share of the time that is lost to them, and how long one takes on the average. */
  readonly stalls: { readonly share: number; readonly seconds: number };
  /** Steps of at least so many decoding sequences, ascending from 0. */
  readonly batches: readonly { readonly from: number; readonly sd: number }[];
  /** Decoding sequences beyond which the cost is extrapolated. */
  readonly knownUpTo: number;
  /**
   * Share of the context that sequences shared where its cost was measured. What a shared token costs
   * beside one of a sequence's own, between nothing and as much, was not.
   */
  readonly sharedContext: number;
  /** All that a decoding sequence reads, weights and context together. */
  readonly memory: number;
  /** A token of context, and the prompts of a step. */
  readonly context: number;
  readonly prefill: number;
  /** Seconds of the front end for a request. */
  readonly frontEnd: number;
  /** What of this was not measured on this server. */
  readonly assumed: readonly string[];
}

/**
 * What another day adds to the speed between logs, which are mostly of one day: the CPU server of
 * `data/` was recorded on three days, of which one was 6 % slower than the others.
 */
const ANOTHER_DAY = 0.03;
/** Steps that scatter together: a drawn clock has as few pieces as that. */
const STEPS_A_PIECE = 5;
/**
 * What is known of the speed between logs before there are any, weighed as so many degrees of freedom
 * (a conjugate prior of the variance): servers of `data/` lie 3 to 7 % apart from log to log.
 */
const BETWEEN_LOGS = { sd: 0.04, freedom: 4 };
/** As measured on a CPU server (data/vllm_cpu_measured). */
const DRIFT_UNKNOWN = { drift_pct: 7, drift_steps: 200, drift_kept: 0.3 };
/** A front end's time a request: one median in a server file, which says nothing of its spread. */
const FRONT_END = 0.25;
/** What doubling the batch beyond what was seen may add. */
const EXTRAPOLATION_PER_DOUBLING = 0.1;
/** A median's standard error over that of a mean, times a standard deviation over a median |x|. */
const MEDIAN_ERROR = 1.2533 * 1.4826;
/** 95 % of a normal distribution lie within so many standard deviations. */
const P95_OF_NORMAL = 1.96;

/** Doubt of a server: by what its fit says of itself, or by the ceilings that it was computed from. */
export function serverDoubt({ file, cost }: Server): ServerDoubt {
  return file?.fit !== undefined && file.cost.kind === "fitted"
    ? doubtOfFit(file.fit, file.cost)
    : ceilingDoubt(cost.ceilings ?? ASSUMED, cost.base.length - 1);
}

/** Of a step cost that does not say what it was computed from. Source: models_gpus/gpus.json. */
const ASSUMED: Ceilings = {
  bandwidth: { share: 0.9, low: 0.82, high: 0.97, basis: "assumed", note: "spread over cards" },
  matmul: { share: 0.8, low: 0.65, high: 0.95, basis: "assumed", note: "spread over cards" },
};
/** 90 % of a normal distribution lie within so many standard deviations: the ends of a doubt. */
const P90_OF_NORMAL = 1.645;
/** A GPU keeps its speed better than a shared CPU: boost clocks and the power cap. */
const GPU_SPEED = { mean: 0, sd: 0.02, freedom: Infinity };
const GPU_DRIFT = { sd: 0.01, seconds: 5, kept: 0 };
/** 50 ± 15 µs a layer (the same source) are about a tenth of a step's time. */
const FIXED = 0.02;

/**
 * Doubt of a step cost that was computed from a card's ceilings, each with the ends of what it may be
 * (nine cards of ten lie between them).
 *
 * @param knownUpTo sequences up to which the cost holds
 */
export function ceilingDoubt({ bandwidth, matmul }: Ceilings, knownUpTo: number): ServerDoubt {
  const sd = ({ share, low, high }: SustainedShare) => (high - low) / 2 / P90_OF_NORMAL / share;
  const said = (name: string, of: SustainedShare) =>
    of.basis === "measured" ? [] : [`${name} ±${(100 * sd(of)).toFixed(0)} %`];
  return {
    speed: GPU_SPEED,
    drift: GPU_DRIFT,
    scatter: { sd: 0, seconds: 0 },
    stalls: { share: 0, seconds: 0 },
    batches: [{ from: 0, sd: FIXED }],
    knownUpTo,
    sharedContext: 0,
    memory: sd(bandwidth),
    context: 0,
    prefill: sd(matmul),
    frontEnd: FRONT_END,
    assumed: [
      `speed between runs ±${100 * GPU_SPEED.sd} %`,
      `front end ±${100 * FRONT_END} %`,
      ...said("bandwidth", bandwidth),
      ...said("arithmetic", matmul),
    ],
  };
}

function doubtOfFit(
  { logs, noise, residuals, ranges, sharedContext = 0 }: FitReport,
  cost: Extract<ServerFile["cost"], { kind: "fitted" }>,
): ServerDoubt {
  const assumed = [`front end ±${100 * FRONT_END} %`, `another day ±${100 * ANOTHER_DAY} %`];
  const found = logs.length - 1;
  if (found === 0) assumed.push(`speed between runs ±${100 * BETWEEN_LOGS.sd} %: one log alone`);
  const { drift_pct, drift_steps, drift_kept } = { ...DRIFT_UNKNOWN, ...noise };
  if (noise.drift_pct === undefined) assumed.push(`drift within a run ±${drift_pct} %`);
  const freedom = BETWEEN_LOGS.freedom + found;
  const variance = (BETWEEN_LOGS.freedom * BETWEEN_LOGS.sd ** 2 +
    found * (noise.between_logs_pct / 100) ** 2) / freedom;
  const slower = logs.reduce((sum, { slower_pct }) => sum + slower_pct / 100, 0) / logs.length;
  const step = meanStep(residuals, cost);
  const decoding = residuals.filter(({ prefill }) => !prefill);
  return {
    speed: {
      // The typical cost has the scatter of steps in it already.
      mean: (1 + slower) / (1 + cost.scatterShare) - 1,
      // One more log lies as far off as the others, and their mean is not the true one.
      sd: rootSquares(
        ANOTHER_DAY,
        Math.sqrt(variance * (1 + 1 / logs.length)),
      ),
      freedom,
    },
    drift: { sd: drift_pct / 100, seconds: drift_steps * step, kept: drift_kept },
    scatter: {
      sd: rms(residuals, ({ abs_p95_pct }) => abs_p95_pct / P95_OF_NORMAL / 100) /
        Math.sqrt(STEPS_A_PIECE),
      seconds: STEPS_A_PIECE * step,
    },
    stalls: {
      share: Math.max(0, noise.stalled_time_pct / 100),
      seconds: noise.stalled_steps_pct > 0
        ? step * noise.stalled_time_pct / noise.stalled_steps_pct
        : step,
    },
    batches: decoding.map((region, i) => ({
      from: i === 0 ? 0 : region.sequences[0],
      sd: misfit(region),
    })),
    knownUpTo: ranges.sequences[1],
    sharedContext,
    memory: 0,
    context: pooled(decoding),
    prefill: pooled(residuals.filter(({ prefill }) => prefill)),
    frontEnd: FRONT_END,
    assumed,
  };
}

type Region = FitReport["residuals"][number];

/**
 * How far off the fit may be in a region: its own median residual, how well that is known, and how far
 * logs lie apart there beside their speeds as wholes.
 */
function misfit({ median_pct, abs_median_pct, steps, between_logs_pct = 0 }: Region): number {
  const known = (MEDIAN_ERROR * abs_median_pct) ** 2 / steps;
  return Math.sqrt(median_pct ** 2 + known + between_logs_pct ** 2) / 100;
}

/** The same of several regions. */
function pooled(regions: readonly Region[]): number {
  return rms(regions, misfit);
}

/** Root of the mean square over regions, by their steps. */
function rms(regions: readonly Region[], of: (region: Region) => number): number {
  let squares = 0, steps = 0;
  for (const region of regions) {
    squares += region.steps * of(region) ** 2;
    steps += region.steps;
  }
  return steps > 0 ? Math.sqrt(squares / steps) : 0;
}

function rootSquares(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}

/** Seconds of the average step that was fitted, by its batch. */
function meanStep(
  residuals: FitReport["residuals"],
  { sequences, seconds }: {
    readonly sequences: readonly number[];
    readonly seconds: readonly number[];
  },
): number {
  let sum = 0, steps = 0;
  for (const { sequences: [from, to], steps: of } of residuals) {
    const at = sequences.findIndex((knot) => knot >= (from + to) / 2);
    sum += of * seconds[at < 0 ? seconds.length - 1 : at];
    steps += of;
  }
  return steps > 0 ? sum / steps : seconds[seconds.length - 1];
}

/** Factor's standard deviation at a batch: its region's, and more where nothing was fitted. */
export function batchDoubt({ batches, knownUpTo }: ServerDoubt, sequences: number): number {
  const region = batches.findLast(({ from }) => from <= sequences) ?? batches[0];
  const sd = region?.sd ?? 0;
  if (sequences <= knownUpTo || knownUpTo === 0) return sd;
  return rootSquares(sd, EXTRAPOLATION_PER_DOUBLING * log2(sequences / knownUpTo));
}
