import { RequestList } from "./request-list.ts";

/** One step as the scheduler planned it: what a step-cost model and a driver need to know of it. */
export class PlannedStep {
  /** Sequences that run. 0: nobody could be scheduled. */
  sequences = 0;
  /** Those of them that decode: one token each, after a finished prefill. */
  decoding = 0;
  /** Tokens of context that the decoding sequences attend to together, their new token included. */
  context = 0;
  /** Sequences that prefill (or recompute after a preemption). */
  prefilling = 0;
  prefillTokens = 0;
  /** Pairs (prompt token, token it attends to) of the prefill, each chunk's past included. */
  prefillPairs = 0;
  /** Tokens of the longest of the prompts' chunks. */
  longestChunk = 0;
  /** Sequences that get a token by the step: all that decode, and those whose prefill ends in it. */
  sampled = 0;
  /** How many times in a row this very step can be taken if nobody arrives. */
  repeats = 1;
  /** Whether an arrival could change the repetitions. */
  heedsArrivals = true;
  /** Requests that went from waiting to running in this step, resumed ones among them. */
  readonly admitted: RequestList;
  /** By place in {@link admitted}: leading tokens that came from the prefix cache. */
  readonly cached: Int32Array;
  /** Requests preempted in this step, in the order of happening. */
  readonly preempted: RequestList;

  constructor(maxSequences: number) {
    this.admitted = new RequestList(maxSequences);
    this.cached = new Int32Array(maxSequences);
    this.preempted = new RequestList(maxSequences);
  }

  /** Lets `request` in, of which `cached` tokens came from the prefix cache. */
  admit(request: number, cached: number): void {
    this.cached[this.admitted.size] = cached;
    this.admitted.push(request);
  }

  clear(): void {
    this.sequences = this.decoding = this.context = 0;
    this.prefilling = this.prefillTokens = this.prefillPairs = 0;
    this.longestChunk = this.sampled = 0;
    this.repeats = 1;
    this.heedsArrivals = true;
    this.admitted.size = 0;
    this.preempted.size = 0;
  }
}
