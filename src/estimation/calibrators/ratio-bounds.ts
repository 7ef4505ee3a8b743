import * as z from "zod";

/** Options of a calibrator that bounds each ratio that it observes. */
export const ratioFields = {
  /** Bounds of one observation's ratio. @default 0.25 */
  ratioMin: z.number().min(0).default(0.25),
  /** @default 3 */
  ratioMax: z.number().positive().default(3),
};

/** The bounds, parsed. */
export interface RatioBounds {
  readonly ratioMin: number;
  readonly ratioMax: number;
}

/** Whether the bounds are in order; {@link BOUNDS_MIXED_UP} says what to do where not. */
export const boundsInOrder = ({ ratioMin, ratioMax }: RatioBounds): boolean => ratioMin <= ratioMax;

export const BOUNDS_MIXED_UP = { path: ["ratioMax"], error: "a number >= ratioMin" };

/** A ratio within the bounds. */
export function clampRatio(ratio: number, { ratioMin, ratioMax }: RatioBounds): number {
  return Math.min(ratioMax, Math.max(ratioMin, ratio));
}
