import * as z from "zod";
import { sinTurns } from "../../math/sin-turns.ts";

const Seconds = z.number().min(0).max(1e10);
const SomeSeconds = z.number().positive().max(1e10);
const Factor = z.number().positive().max(1e4);

/** Whose lengths drift: by default the answers of everybody. */
const whose = {
  of: z.enum(["prompt", "output", "both"]).default("output"),
  tenant: z.string().optional(),
  category: z.string().optional(),
};

/** How lengths change in time (concept drift), as a plain value. Times count from the start. */
export const DriftSpec = z.discriminatedUnion("drift", [
  /** Lengths times `factor` from one instant on, until another where one is given. */
  z.strictObject({
    drift: z.literal("step"),
    atSeconds: Seconds,
    untilSeconds: Seconds.optional(),
    factor: Factor,
    ...whose,
  }).refine(({ atSeconds, untilSeconds }) => atSeconds < (untilSeconds ?? Infinity), {
    path: ["untilSeconds"],
    error: "a time after atSeconds",
  }),
  /** The factor goes from 1 to `factor` in a straight line, and stays. */
  z.strictObject({
    drift: z.literal("ramp"),
    fromSeconds: Seconds,
    toSeconds: Seconds,
    factor: Factor,
    ...whose,
  }).refine(({ fromSeconds, toSeconds }) => fromSeconds < toSeconds, {
    path: ["toSeconds"],
    error: "a time after fromSeconds",
  }),
  /** From `fromSeconds` on the factor swings between 1 and `factor` like a cosine, 1 first. */
  z.strictObject({
    drift: z.literal("periodic"),
    fromSeconds: Seconds.default(0),
    periodSeconds: SomeSeconds,
    factor: Factor,
    ...whose,
  }),
  /** From one instant on requests of each category have the lengths of the other. */
  z.strictObject({
    drift: z.literal("swap"),
    atSeconds: Seconds,
    untilSeconds: Seconds.optional(),
    categories: z.tuple([z.string(), z.string()])
      .refine(([a, b]) => a !== b, { error: "two categories" }),
  }).refine(({ atSeconds, untilSeconds }) => atSeconds < (untilSeconds ?? Infinity), {
    path: ["untilSeconds"],
    error: "a time after atSeconds",
  }),
]);
export type DriftSpec = z.output<typeof DriftSpec>;
/** A drift that multiplies lengths. */
export type FactorDrift = Exclude<DriftSpec, { drift: "swap" }>;
export type SwapDrift = Extract<DriftSpec, { drift: "swap" }>;

/** What lengths are multiplied by at an instant. */
export function driftFactor(drift: FactorDrift, seconds: number): number {
  switch (drift.drift) {
    case "step":
      return isOn(drift, seconds) ? drift.factor : 1;
    case "ramp": {
      const { fromSeconds, toSeconds, factor } = drift;
      const progress = (seconds - fromSeconds) / (toSeconds - fromSeconds);
      return 1 + (factor - 1) * Math.min(1, Math.max(0, progress));
    }
    case "periodic": {
      const { fromSeconds, periodSeconds, factor } = drift;
      if (seconds < fromSeconds) return 1;
      const cosine = sinTurns((seconds - fromSeconds) / periodSeconds + 0.25);
      return 1 + (factor - 1) * (1 - cosine) / 2;
    }
  }
}

/** Whether a drift with a beginning, and perhaps an end, is on. */
export function isOn(
  { atSeconds, untilSeconds = Infinity }: { atSeconds: number; untilSeconds?: number },
  seconds: number,
): boolean {
  return seconds >= atSeconds && seconds < untilSeconds;
}
