import { CLOUD_HOST } from "../../servers/costs/host.ts";
import type { Gpu } from "../../servers/costs/gpu.ts";
import { kernelUseOf } from "../../servers/costs/kernel-use.ts";
import type { ModelShape } from "../../servers/costs/model-shape.ts";
import { physicalCost } from "../../servers/costs/physical-cost.ts";
import { log } from "../../math/log.ts";
import { nelderMead } from "../../statistics/nelder-mead.ts";
import { type LoadPoint, loadPointOf } from "../load-point.ts";
import { simulateRecording } from "../simulate-recording.ts";
import type { Recording } from "./fit-request-overhead.ts";

/** What is fitted of a card's kernels and of its host's front end; seconds and shares. */
export const FITTED_CONSTANTS = [
  ...["fixedPerLayer", "reading", "matrixReading", "overlap", "promptMatmul"] as const,
  ...["promptAttention", "samplerPasses", "tileArithmetic", "cacheMiss"] as const,
  ...["cpuSeconds", "latencySeconds"] as const,
] as const;
export type PhysicalConstants = Readonly<Record<typeof FITTED_CONSTANTS[number], number>>;

/** A load point of a model on a card. */
export interface PhysicalPoint {
  readonly model: ModelShape;
  readonly gpu: Gpu;
  /** What was measured of it: any of these. */
  readonly measured: Partial<LoadPoint>;
  readonly recording: Recording;
}

/**
 * Errors that count as one unit, as shares: about what a run differs by from the next one, or from the
 * number as it was printed.
 */
const UNITS = {
  output_tok_s: 0.015,
  tpot_p50_ms: 0.03,
  tpot_p99_ms: 0.06,
  ttft_p50_ms: 0.06,
  ttft_p99_ms: 0.12,
} as const;

/** The constants that are in use for a card. */
export function constantsInUse(gpu: Gpu): PhysicalConstants {
  const { cpuSeconds, latencySeconds = 0 } = CLOUD_HOST.frontEnd;
  return { ...kernelUseOf(gpu, "bf16"), cpuSeconds, latencySeconds };
}

/**
 * Mean error of all numbers of the points: √(1 + e²) − 1 for an error of e units, squared near 0 and
 * straight far from it, so that no number outweighs the others.
 */
export function physicalLoss(
  points: readonly PhysicalPoint[],
  { cpuSeconds, latencySeconds, ...kernels }: PhysicalConstants,
): number {
  const frontEnd = { cpuSeconds, latencySeconds, service: "shared" } as const;
  let sum = 0, count = 0;
  for (const { model, gpu, measured, recording: { requests, description } } of points) {
    const { server, client } = description;
    const cost = physicalCost(model, gpu, {
      maxSequences: server.max_num_seqs,
      asyncScheduling: server.async_scheduling,
      host: { ...CLOUD_HOST, frontEnd },
      kernels,
    });
    const parts = { name: cost.name, batching: "continuous", config: server, cost } as const;
    const found = loadPointOf(requests, simulateRecording(requests, parts, client));
    for (const [name, unit] of Object.entries(UNITS) as [keyof typeof UNITS, number][]) {
      const value = measured[name];
      if (value === undefined) continue;
      sum += Math.sqrt(1 + (log(found[name] / value) / unit) ** 2) - 1;
      count++;
    }
  }
  return sum / count;
}

/** What {@link fitPhysical} found. */
export interface FittedConstants {
  readonly constants: PhysicalConstants;
  readonly loss: number;
}

/**
 * Fits a card's constants to load points, of several models at once: a constant that is one model's
 * alone would be none. Host times that were measured by themselves, and the empty tiles, stay as they
 * are. The constants of `card-kernels.ts`, `kernel-use.ts` and `host.ts` come from it, rounded, with
 * `loadL4Points` of both models and single prompts and the sweep of `measured_points.csv`.
 *
 * @param options.start @default the constants in use
 * @param options.moves of the search; twice, the second time from what the first found. @default 300
 */
export function fitPhysical(
  points: readonly PhysicalPoint[],
  { start = constantsInUse(points[0].gpu), moves = 300 }: {
    readonly start?: PhysicalConstants;
    readonly moves?: number;
  } = {},
): FittedConstants {
  const named = (at: readonly number[]) =>
    Object.fromEntries(FITTED_CONSTANTS.map((name, i) => [name, at[i]])) as PhysicalConstants;
  const loss = (at: readonly number[]) => {
    const constants = named(at);
    const { overlap, reading, matrixReading } = constants;
    const possible = at.every((value) => value > 0) && overlap <= 1 && reading <= 1 &&
      matrixReading <= 1;
    return possible ? physicalLoss(points, constants) : Infinity;
  };
  const first = FITTED_CONSTANTS.map((name) => start[name]);
  const coarse = nelderMead(loss, { start: first, steps: first.map((x) => -0.05 * x), moves });
  const fine = nelderMead(loss, {
    ...{ start: coarse.at, steps: coarse.at.map((x) => 0.025 * x), moves },
  });
  return { constants: named(fine.at), loss: fine.value };
}
