import type * as z from "zod";
import type { WaitingQueue } from "./waiting-queue.ts";

/** Requests in an order. Only the first `size` of `items` count; read, never written by a policy. */
export interface RequestSequence {
  readonly size: number;
  readonly items: Int32Array;
}

/**
 * What a server policy may look at. True output lengths are not in it. Columns are indexed by
 * request and may be replaced by longer ones when a server learns of more requests: read them
 * through the view each time.
 */
export interface ServerView {
  /**
   * Seconds since the run's start. The two engines agree on it to 1e-9, not to the bit: decide by
   * counts where a rule allows it.
   */
  readonly now: number;
  /** Calls of `schedule()` before this one. */
  readonly steps: number;
  /** Sequences that the server runs at most. */
  readonly maxSequences: number;
  /** As sent with the request; lower is more urgent. */
  readonly priority: Int32Array;
  /** Order of arrival. An engine gives no two requests the same rank. */
  readonly arrivalRank: Int32Array;
  readonly promptTokens: Int32Array;
  /** The cap sent with the request: output tokens at most. */
  readonly maxTokens: Int32Array;
  /** Instant at which it began to wait: its arrival at the scheduler, or its last preemption. */
  readonly waitingSince: Float64Array;
  /** Output tokens made for a request that waits or runs, those in flight included. */
  attained(request: number): number;
  /**
   * Leading tokens of a waiting request that the prefix cache holds now; 0 without one. Looking takes
   * nothing. For policies that say {@link ServerPolicy.readsCache}.
   */
  cachedTokens(request: number): number;
  /** The running sequences in order of admission. Filled again by the next call. */
  running(): RequestSequence;
}

/**
 * A server's own scheduling rule: who is admitted next and who is preempted. The step itself (token
 * budget, KV blocks, chunks) stays vLLM's. Decisions must follow from the view and from the calls
 * made, so that the same input gives the same run.
 */
export interface ServerPolicy {
  /** Makes the waiting queue. Called once. */
  queue(view: ServerView): WaitingQueue;
  /**
   * Chooses who is preempted when a running sequence lacks KV blocks.
   * @param running at least one
   * @returns a place in `running`
   */
  victim(running: RequestSequence, view: ServerView): number;
  /**
   * Whether {@link victim} is always the sequence admitted last. The skipping engine then takes it
   * without a walk through the running list. @default false
   */
  readonly victimIsLast?: boolean;
  /**
   * Whether it asks for cached tokens when a request joins its queue. The skipping engine then stops for
   * every arrival. @default false
   */
  readonly readsCache?: boolean;
  /**
   * Chooses who yields to `head`, which cannot be admitted for lack of a seat, of blocks or of
   * budget. Asked again without those already chosen until the head fits; when it never does, nobody
   * yields. Nobody who yields is admitted again in the same step. Absent: nobody ever yields.
   * @param running those that ran before this step and are not chosen yet; may be empty
   * @returns a place in `running`; -1: nobody
   */
  evicts?(head: number, running: RequestSequence, view: ServerView): number;
  /**
   * For how many calls of `schedule()`, the present one included, the order of the queue and the
   * answers of {@link evicts} cannot change unless someone arrives, ends or lacks blocks. Running
   * sequences make one token a call meanwhile. Infinity: they never change by themselves; 1: ask again
   * in every step. Only the skipping engine asks, and only while someone waits.
   */
  stableSteps(view: ServerView): number;
}

/**
 * A server policy as the registry holds it, or as a notebook brings it along.
 *
 * @example
 * const shortestPrompt: ServerPolicyDefinition = {
 *   name: "shortest-prompt",
 *   create: () => ({
 *     queue: (view) => new OrderedQueue((request) => view.promptTokens[request]),
 *     victim: (running) => running.size - 1,
 *     stableSteps: () => Infinity,
 *   }),
 * };
 * const config = ServerConfig.parse({ ...server, scheduling_policy: shortestPrompt });
 */
export interface ServerPolicyDefinition<Schema extends z.ZodType = z.ZodType> {
  /** Name in configurations and tables. */
  readonly name: string;
  /** Name in figures. @default the name */
  readonly title?: string;
  /** Options with their defaults. @default no options */
  readonly options?: Schema;
  create(view: ServerView, options: z.output<Schema>): ServerPolicy;
}
