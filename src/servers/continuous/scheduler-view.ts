import { widened } from "../../collections/widened.ts";
import type { RequestSequence, ServerView } from "../policies/server-policy.ts";
import { type ServerRequests, tokenCaps } from "./server-requests.ts";

/** What a core answers its policy. */
export interface Answers {
  attained(request: number): number;
  running(): RequestSequence;
  cachedTokens(request: number): number;
}

/**
 * What a core shows to its policy. The driver sets {@link now}, the core the rest. It keeps no
 * column of true output lengths: a policy cannot find one at run time either.
 */
export class SchedulerView implements ServerView {
  steps = 0;
  priority: Int32Array;
  arrivalRank: Int32Array;
  promptTokens: Int32Array;
  maxTokens: Int32Array;
  waitingSince: Float64Array;
  /** In a typed array, because a number in a field of another object is boxed at each change. */
  readonly #clock = new Float64Array(1);
  readonly #answers: Answers;

  constructor(requests: ServerRequests, readonly maxSequences: number, answers: Answers) {
    this.priority = requests.priority;
    this.arrivalRank = requests.arrivalRank;
    this.promptTokens = requests.promptTokens;
    this.maxTokens = tokenCaps(requests);
    this.waitingSince = new Float64Array(requests.promptTokens.length);
    this.#answers = answers;
  }

  get now(): number {
    return this.#clock[0];
  }
  set now(instant: number) {
    this.#clock[0] = instant;
  }

  grow(requests: ServerRequests): void {
    this.priority = requests.priority;
    this.arrivalRank = requests.arrivalRank;
    this.promptTokens = requests.promptTokens;
    this.maxTokens = tokenCaps(requests);
    this.waitingSince = widened(this.waitingSince, requests.promptTokens.length);
  }

  attained(request: number): number {
    return this.#answers.attained(request);
  }

  running(): RequestSequence {
    return this.#answers.running();
  }

  cachedTokens(request: number): number {
    return this.#answers.cachedTokens(request);
  }
}
