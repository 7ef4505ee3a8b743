import { InputError } from "../errors/input-error.ts";
import type { Belief, Estimate, Estimator } from "../estimation/estimator.ts";
import type { Policy, PolicyView } from "../policies/policy.ts";
import { createPolicy, createRank } from "../policies/registry.ts";
import { withoutAnswers } from "../workload/without-answers.ts";
import type { Requests } from "../workload/workload.ts";
import { ArrivalOrder } from "./arrival-order.ts";
import {
  parseSchedulerOptions,
  type SchedulerOptions,
  type SchedulerOptionsInput,
} from "./options.ts";

/** What a server reports of a finished request. */
export interface Outcome {
  /** Tokens generated. */
  readonly outputTokens: number;
  /** Whitespace words of the generated text; needed by an estimator that counts words. */
  readonly outputWords?: number;
  /** Whether the answer would have been longer. @default whether it is as long as its cap */
  readonly cut?: boolean;
}

/** What the scheduler wrote down about each request. Shape (n) each; NaN or -1: nothing yet. */
export interface SchedulerRecord {
  /** Seconds since the run's start. */
  readonly queuedAt: Float64Array;
  /** Estimated output length, in the estimator's unit. */
  readonly estimatedOutput: Float64Array;
  /** Prompt length plus estimate, same unit. */
  readonly totalBudget: Float64Array;
  /** Length of the answer, same unit; -1 until observed. */
  readonly actualOutput: Int32Array;
  /** Place of the request in the order of learning, from 0; -1: not learned from. */
  readonly feedbackPlace: Int32Array;
  /** Quantiles of the estimate, row after row; absent where the estimator gives none. */
  readonly quantiles?: Float64Array;
}

function emptyRecord(size: number, quantiles: number): SchedulerRecord {
  const numbers = (length = size) => new Float64Array(length).fill(NaN);
  const counts = () => new Int32Array(size).fill(-1);
  return {
    queuedAt: numbers(),
    estimatedOutput: numbers(),
    totalBudget: numbers(),
    actualOutput: counts(),
    feedbackPlace: counts(),
    ...quantiles > 0 && { quantiles: numbers(size * quantiles) },
  };
}

function promptLengths({ unit }: Estimator, requests: Requests): Int32Array {
  if (unit === "tokens") return requests.promptTokens;
  if (requests.promptWords !== undefined) return requests.promptWords;
  throw new InputError({
    file: "scheduler options",
    field: "estimator",
    value: "an estimator that counts words",
    expected: "an estimator that counts tokens, because this workload has no words",
  });
}

/**
 * Estimates on admission, queues by a policy, hands out the next request, learns from finished ones:
 * the part of the {@link Gateway} that decides and estimates. Synchronous, without a clock or I/O of
 * its own. It is given {@link Requests}, which hold no output length; lengths reach it through
 * {@link Scheduler.observe} alone.
 *
 * @example
 * const scheduler = new servers.Scheduler(workload.requests, { policy: "sjf" });
 * scheduler.admit(0, 0.1);
 * const request = scheduler.next(0.2); // 0
 * scheduler.observe(request, { outputTokens: 40, outputWords: 31 }, 1.5);
 */
export class Scheduler {
  readonly options: SchedulerOptions;
  readonly estimator: Estimator;
  readonly record: SchedulerRecord;
  /** Prompt lengths in the estimator's unit. Shape (n). */
  readonly inputLength: Int32Array;
  /** Requests that wait, and those of each tier. */
  waiting = 0;
  readonly waitingByTier: Int32Array;
  readonly #tiers: Uint8Array;
  readonly #view: PolicyView;
  readonly #policy: Policy;
  readonly #attained: Int32Array;
  readonly #arrivalOrder: ArrivalOrder | null;
  readonly #cut: Uint8Array;
  readonly #estimate: Estimate;
  readonly #probabilities: number;
  readonly #refuses: boolean;
  readonly #countsWords: boolean;
  #learned = 0;

  /** @param options see {@link SchedulerOptionsInput}; an InputError names what is wrong */
  constructor(readonly requests: Requests, options: SchedulerOptionsInput | SchedulerOptions = {}) {
    this.options = isParsed(options) ? options : parseSchedulerOptions(options);
    const { policy, estimator, feedbackOrder } = this.options;
    this.estimator = estimator.definition.create(withoutAnswers(requests), estimator.options);
    this.inputLength = promptLengths(this.estimator, requests);
    this.#probabilities = estimator.definition.probabilities?.length ?? 0;
    this.record = emptyRecord(requests.size, this.#probabilities);
    this.#estimate = { mean: NaN };
    this.waitingByTier = new Int32Array(requests.tier.names.length);
    this.#tiers = Uint8Array.from(requests.tier.codes);
    this.#attained = new Int32Array(requests.size);
    this.#cut = new Uint8Array(requests.size);
    const deadline = requests.extra?.deadline;
    this.#view = {
      size: requests.size,
      queuedAt: this.record.queuedAt,
      tier: this.#tiers,
      tierCount: requests.tier.names.length,
      tenant: requests.tenant.codes,
      tenantCount: requests.tenant.names.length,
      category: requests.category.codes,
      categoryCount: requests.category.names.length,
      promptTokens: requests.promptTokens,
      maxTokens: requests.maxTokens,
      ...deadline instanceof Float64Array && { deadline },
      estimate: this.record.estimatedOutput,
      totalBudget: this.record.totalBudget,
      attained: this.#attained,
    };
    this.#policy = createPolicy(policy, this.#view);
    this.#refuses = this.#policy.mayStart !== undefined;
    this.#countsWords = this.estimator.unit === "words";
    this.#arrivalOrder = feedbackOrder === "arrival" ? new ArrivalOrder(requests.size) : null;
  }

  /** Whether the policy wants to hear of every token. */
  get hearsTokens(): boolean {
    return this.options.policy.definition.hearsTokens === true;
  }

  /** Whether the policy may refuse to let a request start. */
  get refuses(): boolean {
    return this.#refuses;
  }

  /** What the estimator multiplies its guesses by now, by name; empty where it has no factors. */
  factors(): Readonly<Record<string, number>> {
    return this.estimator.factors?.() ?? {};
  }

  /** What the estimator believed and learned, by name. */
  get beliefs(): Readonly<Record<string, Belief>> {
    return this.estimator.beliefs ?? {};
  }

  /**
   * The policy's order as an integer an admitted request, smaller first, for a server that queues by
   * itself; an InputError where the policy has no such order.
   */
  serverRank(): (request: number) => number {
    return createRank(this.options.policy, this.#view);
  }

  /** Takes a request in at `now` (seconds since the run's start): estimates it and queues it. */
  admit(request: number, now: number): void {
    const { record } = this, estimate = this.#estimate;
    this.estimator.estimate(request, now, estimate);
    record.queuedAt[request] = now;
    record.estimatedOutput[request] = estimate.mean;
    record.totalBudget[request] = this.inputLength[request] + estimate.mean;
    if (estimate.quantiles !== undefined && record.quantiles !== undefined) {
      record.quantiles.set(estimate.quantiles, request * this.#probabilities);
    }
    this.waiting++;
    this.waitingByTier[this.#tiers[request]]++;
    this.#arrivalOrder?.admit(request);
    this.#policy.push(request);
  }

  /**
   * The request to serve next at `now`, taken out of the queue; -1 when nobody waits, or when the
   * policy does not let who is next start yet.
   */
  next(now: number): number {
    const request = this.#policy.pop(now);
    if (request < 0) return -1;
    if (this.#refuses && this.#policy.mayStart!(request, now) === false) {
      this.#policy.push(request);
      return -1;
    }
    this.waiting--;
    this.waitingByTier[this.#tiers[request]]--;
    return request;
  }

  /** Takes a waiting request out for good (its client gave up); false when it does not wait. */
  cancel(request: number, now: number): boolean {
    const removed = this.#policy.remove(request);
    if (removed) {
      this.waiting--;
      this.waitingByTier[this.#tiers[request]]--;
      this.#reported(request, now);
    }
    return removed;
  }

  /** Hears of `tokens` more of an answer that is on its way. */
  progress(request: number, tokens: number, now: number): void {
    this.#attained[request] += tokens;
    this.#policy.served?.(request, tokens, now);
  }

  /** Says that a request that was handed out will never report a length (it failed). */
  abandon(request: number, now: number): void {
    this.#policy.ended?.(request, now);
    this.#reported(request, now);
  }

  /** Learns from a finished request. */
  observe(request: number, outcome: Outcome, now: number): void {
    const actual = this.#countsWords ? outcome.outputWords : outcome.outputTokens;
    if (actual === undefined) {
      throw new InputError({
        file: "finished request",
        row: request,
        field: "outputWords",
        value: actual,
        expected: "a number of words: the estimator counts words",
      });
    }
    const unheard = outcome.outputTokens - this.#attained[request];
    if (unheard > 0) this.progress(request, unheard, now);
    this.#policy.ended?.(request, now);
    this.record.actualOutput[request] = actual;
    const { maxTokens } = this.requests;
    if (outcome.cut ?? outcome.outputTokens >= maxTokens[request]) this.#cut[request] = 1;
    if (this.#arrivalOrder === null) this.#learn(request, now);
    else this.#arrivalOrder.report(request, (ready) => this.#learn(ready, now));
  }

  #reported(request: number, now: number): void {
    this.#arrivalOrder?.report(request, (ready) => this.#learn(ready, now));
  }

  #learn(request: number, now: number): void {
    const { record } = this;
    const length = record.actualOutput[request];
    if (length < 0) return;
    this.estimator.learn(request, { length, atLeast: this.#cut[request] === 1 }, now);
    record.feedbackPlace[request] = this.#learned++;
  }
}

function isParsed(options: SchedulerOptionsInput | SchedulerOptions): options is SchedulerOptions {
  const { policy, estimator } = (options ?? {}) as SchedulerOptions;
  const chosen = (value: unknown) =>
    typeof value === "object" && value !== null && "definition" in value && "options" in value;
  return chosen(policy) && chosen(estimator);
}
