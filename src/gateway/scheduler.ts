import { InputError } from "../errors/input-error.ts";
import { parseWith } from "../errors/parse-with.ts";
import {
  type AdmissionColumns,
  admissionColumns,
  estimateOutput,
} from "../estimation/admission.ts";
import type { Calibrator } from "../estimation/calibrators/calibrator.ts";
import { createCalibrator } from "../estimation/calibrators/registry.ts";
import type { Policy, PolicyView } from "../policies/policy.ts";
import { createPolicy, createRank } from "../policies/registry.ts";
import type { Requests } from "../workload/workload.ts";
import { ArrivalOrder } from "./arrival-order.ts";
import { SchedulerOptions, type SchedulerOptionsInput } from "./options.ts";

/** What an engine or a server reports of a finished request. */
export interface Outcome {
  /** Tokens generated. */
  readonly outputTokens: number;
  /** Whitespace words of the generated text; needed with `split` counting. */
  readonly outputWords?: number;
}

/** What the scheduler wrote down about each request. Shape (n) each; NaN or -1: nothing yet. */
export interface SchedulerRecord {
  /** Seconds since the run's start. */
  readonly queuedAt: Float64Array;
  /** Estimated output length, in the unit of the counting mode. */
  readonly estimatedOutput: Int32Array;
  /** Prompt length plus estimate, same unit. */
  readonly totalBudget: Int32Array;
  /** Calibration factor used in the estimate. */
  readonly bias: Float64Array;
  /** Length of the answer, same unit; -1 until observed. */
  readonly actualOutput: Int32Array;
  /** Factor of the request's category before and after its feedback, and the ratio learned. */
  readonly feedbackOld: Float64Array;
  readonly feedbackMeasured: Float64Array;
  readonly feedbackNew: Float64Array;
  /** Place of the request in the order of learning, from 0; -1: not learned from. */
  readonly feedbackPlace: Int32Array;
}

function emptyRecord(size: number): SchedulerRecord {
  const seconds = () => new Float64Array(size).fill(NaN);
  const counts = () => new Int32Array(size).fill(-1);
  return {
    queuedAt: seconds(),
    estimatedOutput: counts(),
    totalBudget: counts(),
    bias: seconds(),
    actualOutput: counts(),
    feedbackOld: seconds(),
    feedbackMeasured: seconds(),
    feedbackNew: seconds(),
    feedbackPlace: counts(),
  };
}

/**
 * The gateway: estimates on admission, queues by a policy, hands out the next request, learns from
 * finished ones. Synchronous, without a clock or I/O of its own: a simulation, the replay of a
 * trace and a live run drive the same object. It is given {@link Requests}, which hold no output
 * length; lengths reach it through {@link Scheduler.observe} alone.
 *
 * @example
 * const scheduler = new Scheduler(workload.requests, { policy: "sjf" });
 * scheduler.admit(0, 0.1);
 * const request = scheduler.next(0.2); // 0
 * scheduler.observe(request, { outputTokens: 40, outputWords: 31 });
 */
export class Scheduler {
  readonly options: SchedulerOptions;
  readonly columns: AdmissionColumns;
  readonly record: SchedulerRecord;
  /** Requests that wait, by tier. */
  readonly waitingByTier: Int32Array;
  readonly #tiers: Uint8Array;
  readonly #view: PolicyView;
  readonly #policy: Policy;
  readonly #calibrator: Calibrator;
  readonly #countsWords: boolean;
  readonly #againstEstimate: boolean;
  readonly #arrivalOrder: ArrivalOrder | null;
  #learned = 0;

  /** @param options see {@link SchedulerOptions}; an {@link InputError} names what is wrong */
  constructor(readonly requests: Requests, options: SchedulerOptionsInput = {}) {
    this.options = parseWith(SchedulerOptions, options, "scheduler options");
    const { policy, policyOptions, estimate, calibration } = this.options;
    this.columns = admissionColumns(requests, estimate);
    this.record = emptyRecord(requests.size);
    this.waitingByTier = new Int32Array(requests.tier.names.length);
    this.#tiers = Uint8Array.from(requests.tier.codes);
    this.#view = {
      queuedAt: this.record.queuedAt,
      tier: this.#tiers,
      tierCount: requests.tier.names.length,
      estimatedOutput: this.record.estimatedOutput,
      totalBudget: this.record.totalBudget,
    };
    this.#policy = createPolicy(policy, this.#view, policyOptions);
    this.#calibrator = createCalibrator(
      calibration.calibrator,
      this.columns.category.names.length,
      calibration.options,
    );
    this.#countsWords = estimate.counting === "split";
    this.#againstEstimate = calibration.learnAgainst === "estimate";
    this.#arrivalOrder = calibration.feedbackOrder === "arrival"
      ? new ArrivalOrder(requests.size)
      : null;
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#policy.size;
  }

  /** Factor of each category now, in the order of `columns.category.names`. */
  factors(): number[] {
    return this.columns.category.names.map((_, key) => this.#calibrator.factor(key));
  }

  /**
   * The policy's order as an integer an admitted request, smaller first, for a server that queues by
   * itself; an {@link InputError} where the policy has no such order.
   */
  serverRank(): (request: number) => number {
    return createRank(this.options.policy, this.#view, this.options.policyOptions);
  }

  /** Takes a request in at `now` (seconds since the run's start): estimates it and queues it. */
  admit(request: number, now: number): void {
    const { record, columns } = this;
    const bias = this.#calibrator.factor(columns.category.codes[request]);
    const estimate = estimateOutput(columns, request, bias);
    record.queuedAt[request] = now;
    record.bias[request] = bias;
    record.estimatedOutput[request] = estimate;
    record.totalBudget[request] = columns.inputTokens[request] + estimate;
    this.waitingByTier[this.#tiers[request]]++;
    this.#arrivalOrder?.admit(request);
    this.#policy.push(request);
  }

  /** The request to serve next at `now`, taken out of the queue; -1 when nobody waits. */
  next(now: number): number {
    const request = this.#policy.pop(now);
    if (request >= 0) this.waitingByTier[this.#tiers[request]]--;
    return request;
  }

  /** Takes a waiting request out for good (its client gave up); false when it does not wait. */
  cancel(request: number): boolean {
    const removed = this.#policy.remove(request);
    if (removed) {
      this.waitingByTier[this.#tiers[request]]--;
      this.abandon(request);
    }
    return removed;
  }

  /** Says that an admitted request will never report a length (it failed). */
  abandon(request: number): void {
    this.#arrivalOrder?.report(request, (ready) => this.#learn(ready));
  }

  /** Learns from a finished request. */
  observe(request: number, outcome: Outcome): void {
    const actual = this.#countsWords ? outcome.outputWords : outcome.outputTokens;
    if (actual === undefined) {
      throw new InputError({
        file: "finished request",
        row: request,
        field: "outputWords",
        value: actual,
        expected: "a number of words: counting is split",
      });
    }
    this.record.actualOutput[request] = actual;
    if (this.#arrivalOrder === null) this.#learn(request);
    else this.#arrivalOrder.report(request, (ready) => this.#learn(ready));
  }

  #learn(request: number): void {
    const { record, columns } = this;
    const actual = record.actualOutput[request];
    if (actual < 0) return;
    const key = columns.category.codes[request];
    const expected = this.#againstEstimate
      ? columns.baseTokens[request] * columns.safetyFactor[request] * columns.inputFactor[request]
      : columns.baseTokens[request];
    record.feedbackOld[request] = this.#calibrator.factor(key);
    record.feedbackMeasured[request] = this.#calibrator.learn(key, actual / expected);
    record.feedbackNew[request] = this.#calibrator.factor(key);
    record.feedbackPlace[request] = this.#learned++;
  }
}
