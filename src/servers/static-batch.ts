import { InputError } from "../errors/input-error.ts";
import { batchSeconds } from "./batch-seconds.ts";
import { EventLog, FINISHED } from "./continuous/event-log.ts";
import type { RequestLengths } from "./continuous/server-requests.ts";
import type { StepCost } from "./costs/step-cost.ts";
import type { ServerInstance } from "./server-instance.ts";

/**
 * A server that batches statically, in virtual time: what it was handed at one instant is one batch,
 * served to its longest member, all answers handed back together at its end; what comes meanwhile
 * waits and is the next batch. The paper's worker gathers such batches. Answers come whole, so there
 * are no first tokens.
 */
export class StaticBatchServer implements ServerInstance {
  readonly stopsWithoutTrace = true;
  readonly events = new EventLog();
  readonly scheduled: Float64Array;
  readonly firstToken: Float64Array;
  readonly finish: Float64Array;
  readonly preemptions: Int32Array;
  readonly cachedTokens: Int32Array;
  readonly #lengths: RequestLengths;
  readonly #cost: StepCost;
  /** Requests that wait for the next batch, in order of hand-over, and when the last one came. */
  #waiting: number[] = [];
  #handedOver = 0;
  #members: number[] = [];
  #done = Infinity;

  /** @param cost its `base` must reach as far as the largest batch */
  constructor(lengths: RequestLengths, cost: StepCost) {
    const size = lengths.promptTokens.length;
    const never = () => new Float64Array(size).fill(NaN);
    this.#lengths = lengths;
    this.#cost = cost;
    this.scheduled = never();
    this.firstToken = never();
    this.finish = never();
    this.preemptions = new Int32Array(size);
    this.cachedTokens = new Int32Array(size).fill(-1);
  }

  get unfinished(): number {
    return this.#members.length + this.#waiting.length;
  }

  get due(): number {
    if (this.#members.length > 0) return this.#done;
    return this.#waiting.length > 0 ? this.#handedOver : Infinity;
  }

  submit(request: number, now: number): boolean {
    this.#waiting.push(request);
    this.#handedOver = now;
    return true;
  }

  /** The batch in service computes all its members' steps: who leaves it early saves it nothing. */
  abort(request: number): boolean {
    for (const list of [this.#waiting, this.#members]) {
      const place = list.indexOf(request);
      if (place < 0) continue;
      list.splice(place, 1);
      return true;
    }
    return false;
  }

  advance(until: number): number {
    this.events.size = 0;
    if (this.#members.length === 0) {
      // At the instant of a hand-over more of the batch may come.
      if (this.#waiting.length === 0 || this.#handedOver >= until) return until;
      this.#start(this.#handedOver);
    }
    if (this.#done > until) return until;
    const done = this.#done;
    for (const member of this.#members) {
      this.finish[member] = done;
      this.events.push(FINISHED, member, done);
    }
    this.#members = [];
    this.#done = Infinity;
    this.#handedOver = Math.max(this.#handedOver, done);
    return done;
  }

  #start(now: number): void {
    const members = new Int32Array(this.#waiting);
    const seconds = batchSeconds(members, this.#lengths, this.#cost);
    if (!(seconds >= 0 && seconds < Infinity)) {
      throw new InputError({
        file: `step cost ${this.#cost.name}`,
        value: seconds,
        expected: `a finite number of seconds for a batch of ${members.length} requests`,
      });
    }
    for (const member of members) this.scheduled[member] = now;
    this.#members = this.#waiting;
    this.#waiting = [];
    this.#done = now + seconds;
  }
}
