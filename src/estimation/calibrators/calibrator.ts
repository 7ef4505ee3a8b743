import type * as z from "zod";

/** One factor per category that multiplies its base estimate, learned from finished requests. */
export interface Calibrator {
  /** Factor of category `key` now; 1 before anything is learned. */
  factor(key: number): number;
  /**
   * Learns that a request of category `key` turned out to be `ratio` times what the uncalibrated
   * estimate said. Returns the ratio as it was used (clamped, say).
   *
   * @param now seconds since the run's start
   */
  learn(key: number, ratio: number, now: number): number;
}

/** A calibrator as the registry holds it. */
export interface CalibratorDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly title: string;
  /** Whether its factors change with what it learns; of one that does not, calibration is off. */
  readonly learns: boolean;
  readonly options: Schema;
  /** @param keys number of categories */
  create(keys: number, options: z.output<Schema>): Calibrator;
}
