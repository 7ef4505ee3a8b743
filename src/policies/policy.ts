import type { z } from "zod";

/** What a policy may look at: columns that the gateway filled in on admission. Shape (n) each. */
export interface PolicyView {
  /** Seconds since the run's start at which the request was admitted. */
  readonly queuedAt: Float64Array;
  /** Index of the request's tier; 0 is the most urgent. */
  readonly tier: Uint8Array;
  readonly tierCount: number;
  /** Tokens (or words, by the counting mode) expected in the answer, as estimated on admission. */
  readonly estimatedOutput: Int32Array;
  /** Prompt length plus `estimatedOutput`, same unit. */
  readonly totalBudget: Int32Array;
}

/** A queue that decides who goes next. Holds row numbers of the {@link PolicyView}. */
export interface Policy {
  readonly size: number;
  /** Queues an admitted request. */
  push(request: number): void;
  /** Takes out the next request at time `now` (seconds since the run's start); -1 when empty. */
  pop(now: number): number;
  /** Takes a waiting request out of turn (its client gave up); false when it does not wait here. */
  remove(request: number): boolean;
}

/** A policy as the registry holds it. */
export interface PolicyDefinition<Schema extends z.ZodType = z.ZodType> {
  /** Name in parameters and tables. */
  readonly name: string;
  /** Name in figures. */
  readonly title: string;
  /** Options with their defaults. */
  readonly options: Schema;
  create(view: PolicyView, options: z.output<Schema>): Policy;
  /**
   * The policy's order as one integer a request that never changes, smaller first, equal ones in
   * order of arrival: what a server with priorities can be told. Absent where the order depends on
   * who else waits.
   */
  rank?(view: PolicyView, options: z.output<Schema>): (request: number) => number;
}
