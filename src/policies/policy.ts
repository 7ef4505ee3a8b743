import type * as z from "zod";
import type { ModuleReference } from "../registry/module-definition.ts";

/**
 * What a policy may look at: columns by request, filled in as the gateway comes to know them. Shape
 * (n) each. A true output length is not among them.
 */
export interface PolicyView {
  /** Requests of the run; a policy is given row numbers below it. */
  readonly size: number;
  /** Seconds since the run's start at which the request was admitted. */
  readonly queuedAt: Float64Array;
  /** Index of the request's tier; 0 is the most urgent. */
  readonly tier: Uint8Array;
  readonly tierCount: number;
  /** Index of the request's tenant (client). */
  readonly tenant: ArrayLike<number>;
  readonly tenantCount: number;
  /** Index of the category that the client named. */
  readonly category: ArrayLike<number>;
  readonly categoryCount: number;
  /** Length of the prompt, tokens. */
  readonly promptTokens: Int32Array;
  /** Cap on the answer (`max_tokens`), tokens. */
  readonly maxTokens: Int32Array;
  /** Seconds after its arrival by which a request wants its whole answer; absent: nobody said. */
  readonly deadline?: Float64Array;
  /** Mean length of the answer, in the estimator's unit, as estimated on admission. */
  readonly estimate: Float64Array;
  /** Prompt length plus {@link estimate}, in the same unit. */
  readonly totalBudget: Float64Array;
  /** Tokens of the answer that the gateway knows to be there. */
  readonly attained: Int32Array;
}

/**
 * A queue that decides who goes next. It holds row numbers of the {@link PolicyView}. The last three
 * functions are optional: a policy that does not need them leaves them out.
 */
export interface Policy {
  readonly size: number;
  /** Queues an admitted request. */
  push(request: number): void;
  /** Takes out the next request at time `now` (seconds since the run's start); -1 when empty. */
  pop(now: number): number;
  /** Takes a waiting request out of turn (its client gave up); false when it does not wait here. */
  remove(request: number): boolean;
  /**
   * Hears that `tokens` more of the answer to `request` are there: as they come where the server
   * reports them, and at the latest when the answer is whole.
   */
  served?(request: number, tokens: number, now: number): void;
  /** Hears that a request that was handed over has left for good: completed, failed or cancelled. */
  ended?(request: number, now: number): void;
  /**
   * Admission: whether the request that {@link pop} has just given may be handed over at `now`. If
   * not, it is pushed again, and nobody is tried before the next arrival or the next end of a request.
   */
  mayStart?(request: number, now: number): boolean;
}

/** A policy as the registry holds it, or as a notebook's cell defines it. */
export interface PolicyDefinition<Schema extends z.ZodType = z.ZodType> {
  /** Name in options and tables. */
  readonly name: string;
  /** Name in figures. @default its name */
  readonly title?: string;
  /** Options with their defaults. @default none */
  readonly options?: Schema;
  create(view: PolicyView, options: z.output<Schema>): Policy;
  /**
   * The policy's order as one integer a request that never changes, smaller first, equal ones in
   * order of arrival: what a server with priorities can be told. Absent where the order depends on
   * who else waits.
   */
  rank?(view: PolicyView, options: z.output<Schema>): (request: number) => number;
  /** Whether {@link Policy.served} is to hear of every token, not of whole answers. @default false */
  readonly hearsTokens?: boolean;
  /** Where a worker finds the definition; set by `fromModule`. */
  readonly module?: ModuleReference;
}
