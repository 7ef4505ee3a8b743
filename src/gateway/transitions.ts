/** An answer that is whole. Seconds on the run's clock, NaN: not known. */
export interface Answer {
  /** Tokens of the answer by the server's count; null: it did not say. */
  readonly completionTokens: number | null;
  /** Whitespace words of the answer's text. */
  readonly words?: number;
  readonly firstToken: number;
  readonly lastToken: number;
  /** Prompt tokens that the server found in its prefix cache; null: it did not say. */
  readonly cachedTokens: number | null;
}

/** Terminal states other than completed. */
export const ENDINGS = ["failed", "rejected", "cancelled"] as const;
export type Ending = (typeof ENDINGS)[number];

/** Why a run takes no more requests on. */
export const STOP_REASONS = ["time-limit", "cancelled", "no-server"] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** How a request ends without an answer. */
export interface End {
  readonly kind: Ending;
  /** A name and words for people; kept by whoever journals. */
  readonly reason: string;
  readonly message: string;
  /** Whether the attempt that is open has failed; else the gateway gives the request up. */
  readonly attempted: boolean;
  /** Whether its failure speaks against the server. */
  readonly blames: boolean;
}

/** How an attempt fails that is followed by another. */
export interface Retry {
  readonly reason: string;
  readonly message: string;
  /** When the next attempt may be made. */
  readonly due: number;
  readonly blames: boolean;
}

/**
 * Everything that can happen to a run at its gateway, one function each: `at` is the instant on the
 * run's clock, `request` a row of the workload, `server` the place of a server in the run's list. The
 * state of a gateway is the fold over its transitions and nothing else.
 *
 * A {@link Gateway} decides and says its decisions to one of these: to its {@link GatewayState} itself,
 * or to a wrapper that writes each down and hands it on.
 */
export interface Transitions<A extends Answer = Answer> {
  /** A process takes the run up, at first or again: what was open is not any more. */
  takeUp(at: number, session: number, epochSeconds: number): void;
  /** The clock of a phase starts. */
  startPhase(at: number, phase: number): void;
  /** Estimated and queued; `late` is how many seconds after `at`, when it was due, that was done. */
  arrive(at: number, request: number, late: number): void;
  /** A stage in front of the queue has answered it. */
  answerAhead(at: number, request: number, late: number): void;
  /** Handed over; `attempt` counts from 1. */
  send(at: number, request: number, attempt: number, server: number): void;
  /** Taken out of the queue for the micro-batch that a server's worker gathers. */
  pull(at: number, request: number, server: number): void;
  /** All that the worker has gathered is handed over. */
  startBatch(at: number, server: number, batch: number): void;
  /** The last member of the batch has ended: its answers are learned from, in batch order. */
  endBatch(at: number, server: number): void;
  complete(at: number, request: number, attempt: number, answer: A): void;
  /** `answer`: what there was of it; null where nothing is known. */
  retry(at: number, request: number, attempt: number, retry: Retry, answer: A | null): void;
  end(at: number, request: number, end: End, answer: A | null): void;
  /** No request goes to this server until it answers a probe. */
  takeOut(at: number, server: number, reason: string): void;
  takeIn(at: number, server: number): void;
  /** The server asked to be left alone until then. */
  hold(at: number, server: number, until: number): void;
  /** Nothing is taken on any more. */
  startStopping(at: number, why: StopReason): void;
  /** Something that a reader of the results should know; changes nothing. */
  note(at: number, what: string, seconds: number): void;
  /** Every request is in a terminal state and the run is over. */
  finish(at: number): void;
}
