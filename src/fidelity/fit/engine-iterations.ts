/** A line of a log, with its number from 1. */
export interface UnreadableLine {
  readonly line: number;
  readonly text: string;
}

/** Iterations of one engine from its start on, in the order of its log. Shape (size) each. */
export interface IterationLog {
  readonly source: string;
  /** The engine's data-parallel rank, behind its pod or container where the log names one. @default 0 */
  readonly engine?: string;
  /** Which start of the engine this is in the log, from 1. @default 1 */
  readonly run?: number;
  readonly size: number;
  /** Iterations that were logged: more than `size` where a long log was thinned. @default size */
  readonly read?: number;
  /** Further iterations without any request. @default 0 */
  readonly idle?: number;
  /** Prompts computed in the iteration, and their tokens in it; cached ones are not among these. */
  readonly contextRequests: Int32Array;
  readonly contextTokens: Int32Array;
  /**
   * Sequences past their first token, and their tokens. A request that recomputes after a preemption
   * counts here, with all the tokens that it recomputes.
   */
  readonly generationRequests: Int32Array;
  readonly generationTokens: Int32Array;
  /** Seconds that the iteration took. */
  readonly seconds: Float64Array;
  /** Share of the KV cache in use, 0 to 1, as printed (a tenth of a percent). */
  readonly kvUsage: Float64Array;
  /** When the line was printed, whole seconds since the year began; NaN where it says no time. */
  readonly printedAt: Float64Array;
  /** 1 where the iteration before is the row before: none is missing between. @default 1 */
  readonly follows?: Uint8Array;
  /** Whether the log says that draft tokens were tried. @default false */
  readonly speculates?: boolean;
  /** Lines that name an iteration and could not be read: how many if not these, and the first. */
  readonly unreadable?: number;
  readonly refused: readonly UnreadableLine[];
  /** Lines of other messages. */
  readonly otherLines: number;
}
