import type * as z from "zod";
import type { ModuleReference } from "../registry/module-definition.ts";
import type { Labels, Requests } from "../workload/workload.ts";

/** What an estimator says of a request's answer, in its own unit. */
export interface Estimate {
  /** Expected length. */
  mean: number;
  /**
   * Lengths that the answer stays below with the probabilities of the definition, ascending; absent
   * where the estimator gives a mean alone.
   */
  quantiles?: Float64Array;
}

/** What became known of an answer's length, in the estimator's unit. */
export interface Observation {
  /** Length of the answer. */
  readonly length: number;
  /** Whether that is a lower bound: its cap, or the model's context, cut the answer. */
  readonly atLeast: boolean;
}

/** A column of what an estimator believed or learned of each request. Shape (n). */
export type Belief = Float64Array | Int32Array | Labels;

/**
 * Estimates the length of each answer, and learns from the answers that have come back. It is made
 * over the {@link Requests} of a run (prompt lengths, labels, text, session), which hold no output
 * length.
 */
export interface Estimator {
  /** Unit of its lengths: the model's own tokens, or whitespace words. */
  readonly unit: "tokens" | "words";
  /** Estimates the answer to `request`, which is admitted at `now`, into `into`. */
  estimate(request: number, now: number, into: Estimate): void;
  /** Learns what became of `request` at `now` (seconds since the run's start). */
  learn(request: number, observation: Observation, now: number): void;
  /** What it multiplies its guesses by, by name, as things stand: for progress and figures. */
  factors?(): Readonly<Record<string, number>>;
  /** What it believed and learned, by name: columns that it fills in as requests come and go. */
  readonly beliefs?: Readonly<Record<string, Belief>>;
}

/** An estimator as the registry holds it, or as a notebook's cell defines it. */
export interface EstimatorDefinition<Schema extends z.ZodType = z.ZodType> {
  /** Name in options and tables. */
  readonly name: string;
  /** Name in figures. @default its name */
  readonly title?: string;
  /** Options with their defaults. @default none */
  readonly options?: Schema;
  /** Probabilities of the quantiles that it gives, ascending. @default none */
  readonly probabilities?: readonly number[];
  create(requests: Requests, options: z.output<Schema>): Estimator;
  /** Where a worker finds the definition; set by `fromModule`. */
  readonly module?: ModuleReference;
}
