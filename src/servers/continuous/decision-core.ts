import type { Delivery } from "./delivery.ts";
import type { PlannedStep } from "./planned-step.ts";
import type { SchedulerView } from "./scheduler-view.ts";
import type { ServerRequests } from "./server-requests.ts";

/**
 * The server's scheduler without a clock: who runs in each step with how many tokens, who is
 * preempted, who has finished, by vLLM's rules and a server policy. A driver (virtual seconds, or calls of `schedule()`) decides when
 * requests are added and how long a step takes:
 *
 *     add(request)…, abort(request)…  →  schedule()  →  take(n)  →  deliver()
 *
 * Synchronous scheduling delivers each batch before it schedules the next. Asynchronous scheduling
 * keeps two batches in flight: it delivers step k − 1 after it has scheduled step k.
 */
export interface DecisionCore {
  /** Filled in by {@link schedule}. */
  readonly step: PlannedStep;
  /** Filled in by {@link deliver}. */
  readonly delivery: Delivery;
  /**
   * What the policy sees. The driver sets its `now` before it calls {@link add} (when the request
   * came) and {@link schedule}.
   */
  readonly view: SchedulerView;
  /** Requests added and not finished. */
  readonly unfinished: number;
  /** Requests that hold KV blocks. */
  readonly running: number;
  readonly waiting: number;
  readonly freeBlocks: number;
  /** Batches taken and not delivered. */
  readonly inFlight: number;
  /** Puts a request that has arrived into the waiting queue. */
  add(request: number): void;
  /**
   * Takes out a request that was added and has not ended: it gives its blocks back, and what is in
   * flight for it is dropped. Not between `schedule` and `take`.
   */
  abort(request: number): void;
  /** Knows of more requests from now on: the same rows, and others after them. */
  grow(requests: ServerRequests): void;
  /** Plans one step: one call of vLLM's `schedule()`. A step may turn out empty. */
  schedule(): void;
  /** Puts the planned step in flight, `n` times in a row: 1 ≤ n ≤ `step.repeats`. */
  take(n: number): void;
  /** Applies the outputs of the oldest batch in flight; there must be one. */
  deliver(): void;
  /**
   * Who runs in the planned step, in the scheduler's order, with how many tokens each. Call it
   * between `schedule` and `take`.
   * @param requests filled in; max_num_seqs long
   * @param tokens filled in; max_num_seqs long
   * @returns how many run
   */
  copyScheduled(requests: Int32Array, tokens: Int32Array): number;
  /** Whether the prefix cache holds a block of that number; see `BlockIdentity`. */
  caches(block: number): boolean;
  /**
   * Preempts all who run, the last first, and drops their tokens in flight, which are made again;
   * `step.preempted` lists them. Not between `schedule` and `take`.
   */
  preemptAll(): void;
  /**
   * Forgets what the prefix cache holds, if nobody holds a block; not between `schedule` and `take`.
   * Returns whether nobody did.
   */
  resetPrefixCache(): boolean;
  /** KV blocks taken by repetition `i` of the planned step; repetition 0 is the step itself. */
  blocksTakenBy(i: number): number;
}
