import { widened } from "../../collections/widened.ts";
import { assertReadsCache, victimOf } from "../policies/checked-answer.ts";
import { createServerPolicy } from "../policies/choice.ts";
import type { ServerPolicy } from "../policies/server-policy.ts";
import type { WaitingQueue } from "../policies/waiting-queue.ts";
import { AdmissionRule } from "./admission-rule.ts";
import { BatchRing } from "./batch-ring.ts";
import type { ServerConfig } from "./config.ts";
import type { DecisionCore } from "./decision-core.ts";
import { Delivery } from "./delivery.ts";
import { Displacement } from "./displacement.ts";
import { CountingLedger, type KvLedger } from "./kv-ledger.ts";
import { PlannedStep } from "./planned-step.ts";
import { CachingLedger } from "./prefix/caching-ledger.ts";
import { RunningList } from "./running-list.ts";
import { SchedulerView } from "./scheduler-view.ts";
import type { ServerRequests } from "./server-requests.ts";

/** A step in flight: who ran in it, and who yields a token by it. */
class Batch {
  readonly requests: Int32Array;
  readonly samples: Uint8Array;
  size = 0;

  constructor(maxSequences: number) {
    this.requests = new Int32Array(maxSequences);
    this.samples = new Uint8Array(maxSequences);
  }
}

/**
 * vLLM 0.30's V1 scheduler, one step after the other: the readable definition, and the oracle of
 * the skipping core's tests. Source: vLLM reference §5; letters and numbers in the comments are
 * the rules there. Scope: a dense decoder-only model on one device, no speculation.
 *
 * vLLM also keeps a queue of preempted requests whose output is still in flight. With at most two
 * batches in flight it never holds anyone at the moment it is read: the batch before a preemption
 * is delivered before the next step is scheduled. So it has no counterpart here.
 */
export class StepwiseCore implements DecisionCore {
  readonly step: PlannedStep;
  readonly delivery: Delivery;
  readonly view: SchedulerView;
  unfinished = 0;

  readonly #config: ServerConfig;
  readonly #admission: AdmissionRule;
  readonly #policy: ServerPolicy;
  readonly #displacement: Displacement;
  readonly #waiting: WaitingQueue;
  readonly #running: RunningList;
  readonly #ledger: KvLedger;
  readonly #batches: BatchRing<Batch>;
  #requests: ServerRequests;

  // By request.
  /** Tokens whose KV is computed or scheduled. */
  #computed: Int32Array;
  /** Output tokens delivered. */
  #outputs: Int32Array;
  /** Output tokens delivered or in flight. */
  #made: Int32Array;
  /** Output tokens in flight, as far as they count (vLLM's placeholders). */
  #pending: Uint8Array;
  /** Batches in flight that hold the request, and how many of them predate its preemption. */
  #batched: Uint8Array;
  #stale: Uint8Array;
  /** Of these: batches whose output is dropped. */
  #dropped: Uint8Array;
  /** Tokens at admission: what has to be computed before the next output token. */
  #prefillEnd: Int32Array;
  /** Tokens scheduled in the step being planned. */
  #scheduled: Int32Array;
  /** Finished or aborted: what is still in flight for it is dropped. */
  #ended: Uint8Array;

  constructor(config: ServerConfig, requests: ServerRequests) {
    const { max_num_seqs, num_gpu_blocks, block_size } = config;
    const count = requests.promptTokens.length;
    this.#config = config;
    this.#requests = requests;
    this.#admission = new AdmissionRule(config);
    this.#running = new RunningList(max_num_seqs);
    this.#ledger = config.enable_prefix_caching
      ? new CachingLedger(config, requests)
      : new CountingLedger(num_gpu_blocks, block_size, count);
    this.#batches = new BatchRing(() => new Batch(max_num_seqs));
    this.step = new PlannedStep(max_num_seqs);
    this.delivery = new Delivery(max_num_seqs);
    this.#computed = new Int32Array(count);
    this.#outputs = new Int32Array(count);
    this.#made = new Int32Array(count);
    this.#pending = new Uint8Array(count);
    this.#batched = new Uint8Array(count);
    this.#stale = new Uint8Array(count);
    this.#dropped = new Uint8Array(count);
    this.#prefillEnd = new Int32Array(count);
    this.#scheduled = new Int32Array(count);
    this.#ended = new Uint8Array(count);
    this.view = new SchedulerView(requests, max_num_seqs, {
      attained: (request) => this.#made[request],
      running: () => this.#running,
      cachedTokens: (request) => {
        assertReadsCache(this.#policy);
        const tokens = this.#requests.promptTokens[request] + this.#made[request];
        return config.block_size * this.#ledger.peek(request, tokens);
      },
    });
    this.#policy = createServerPolicy(config.scheduling_policy, this.view);
    this.#displacement = new Displacement(this.#policy, this.view, {
      rule: this.#admission,
      holdings: {
        freeWithout: (yielding) => this.#ledger.freeWithout(yielding),
        hitWithout: (yielding) => this.#ledger.hitWithout(yielding),
        scheduledOf: (request) => this.#scheduled[request],
      },
    });
    this.#waiting = this.#policy.queue(this.view);
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get freeBlocks(): number {
    return this.#ledger.free;
  }

  get inFlight(): number {
    return this.#batches.size;
  }

  add(request: number): void {
    this.#computed[request] = this.#outputs[request] = this.#made[request] = 0;
    this.#ended[request] = 0;
    this.unfinished++;
    this.view.waitingSince[request] = this.view.now;
    this.#waiting.add(request);
  }

  abort(request: number): void {
    const place = this.#running.placeOf(request);
    if (place < 0) this.#waiting.remove(request);
    else {
      this.#running.removeAt(place);
      this.#ledger.release(request);
    }
    this.#ended[request] = 1;
    this.unfinished--;
  }

  grow(requests: ServerRequests): void {
    const count = requests.promptTokens.length;
    this.#requests = requests;
    this.view.grow(requests);
    this.#ledger.grow(requests);
    this.#computed = widened(this.#computed, count);
    this.#outputs = widened(this.#outputs, count);
    this.#made = widened(this.#made, count);
    this.#pending = widened(this.#pending, count);
    this.#batched = widened(this.#batched, count);
    this.#stale = widened(this.#stale, count);
    this.#dropped = widened(this.#dropped, count);
    this.#prefillEnd = widened(this.#prefillEnd, count);
    this.#scheduled = widened(this.#scheduled, count);
    this.#ended = widened(this.#ended, count);
  }

  schedule(): void {
    const running = this.#running;
    this.step.clear();
    for (let place = 0; place < running.size; place++) this.#scheduled[running.items[place]] = 0;
    const budget = this.#scheduleRunning(this.#config.max_num_batched_tokens);
    if (this.step.preempted.size === 0) this.#admitWaiting(budget);
    for (let place = 0; place < running.size; place++) this.#count(running.items[place]);
  }

  /** Phase A: the running requests, in list order. Returns what it left of the budget. */
  #scheduleRunning(budget: number): number {
    const { max_model_len } = this.#config;
    const running = this.#running, ledger = this.#ledger;
    let place = 0;
    while (place < running.size && budget > 0) {
      const request = running.items[place];
      const computed = this.#computed[request];
      // A1: all tokens it may have are made or in flight.
      if (this.#outputs[request] + this.#pending[request] >= this.view.maxTokens[request]) {
        place++;
        continue;
      }
      let want = this.#tokens(request) + this.#pending[request] - computed;
      want = Math.min(want, this.#admission.threshold, budget, max_model_len - computed - 1);
      if (want <= 0) {
        place++;
        continue;
      }
      const needed = ledger.lacking(request, computed + want);
      while (needed > ledger.free) {
        // A6: whom the policy chooses.
        const victimPlace = victimOf(this.#policy, running, this.view);
        const victim = running.items[victimPlace];
        budget += this.#scheduled[victim];
        this.#preempt(victimPlace);
        if (victim === request) return budget;
        if (victimPlace < place) place--;
      }
      ledger.take(request, needed);
      ledger.name(request, Math.min(computed + want, this.#tokens(request)));
      this.#scheduled[request] = want;
      budget -= want;
      place++;
    }
    return budget;
  }

  /**
   * Phase B: the waiting requests, as long as the head fits, or others yield to it; nobody overtakes
   * it.
   */
  #admitWaiting(budget: number): void {
    const running = this.#running, ledger = this.#ledger, admission = this.#admission;
    while (this.#waiting.size > 0) {
      const request = this.#waiting.head;
      // Who yielded in this step stays out of it.
      if (this.step.preempted.has(request)) break;
      const tokens = this.#tokens(request);
      let hit = ledger.lookUp(request, tokens);
      const room = { running: running.size, freeBlocks: ledger.free, budget };
      if (!admission.fits(tokens, hit, room)) {
        if (!this.#findsRoom(request, tokens, budget)) break;
        budget += this.#displace();
        hit = ledger.lookUp(request, tokens);
      }
      const cached = tokens - admission.uncached(tokens, hit);
      const want = admission.firstChunk(tokens - cached, budget);
      this.#waiting.pop();
      running.push(request);
      this.#prefillEnd[request] = tokens;
      this.#computed[request] = cached;
      ledger.takeCached(request);
      ledger.take(request, ledger.lacking(request, cached + want));
      ledger.name(request, cached + want);
      this.#scheduled[request] = want;
      this.step.admit(request, cached);
      budget -= want;
    }
  }

  /** Whether the policy lets others yield to `head`, enough for it to fit. */
  #findsRoom(head: number, tokens: number, budget: number): boolean {
    if (this.#policy.evicts === undefined) return false;
    return this.#displacement.choose(head, tokens, budget, this.step.admitted.size);
  }

  /** Preempts those who yield. Returns the tokens of the budget that they had. */
  #displace(): number {
    const { items, size } = this.#displacement.chosen;
    let returned = 0;
    for (let i = 0; i < size; i++) {
      returned += this.#scheduled[items[i]];
      this.#preempt(this.#running.placeOf(items[i]));
    }
    return returned;
  }

  /** Adds what `request` does in this step to the step's load. */
  #count(request: number): void {
    const want = this.#scheduled[request];
    if (want === 0) return;
    const { step } = this;
    const computed = this.#computed[request];
    step.sequences++;
    if (computed < this.#prefillEnd[request]) {
      step.prefilling++;
      step.prefillTokens += want;
      step.prefillPairs += want * computed + want * (want + 1) / 2;
      if (want > step.longestChunk) step.longestChunk = want;
      if (computed + want === this.#prefillEnd[request]) step.sampled++;
    } else {
      step.decoding++;
      step.sampled++;
      step.context += computed + 1;
    }
  }

  take(n: number): void {
    const { items, size } = this.#running;
    const batch = this.#batches.push();
    batch.size = 0;
    for (let place = 0; place < size; place++) {
      const request = items[place];
      const want = this.#scheduled[request];
      if (want === 0) continue;
      this.#computed[request] += want;
      const samples = this.#computed[request] === this.#tokens(request) + this.#pending[request];
      if (samples) {
        this.#pending[request]++;
        this.#made[request]++;
      }
      this.#batched[request]++;
      batch.requests[batch.size] = request;
      batch.samples[batch.size++] = samples ? 1 : 0;
    }
    this.view.steps += n;
  }

  deliver(): void {
    const { first, finished, tokens } = this.delivery;
    this.delivery.clear();
    const batch = this.#batches.shift();
    for (let i = 0; i < batch.size; i++) {
      const request = batch.requests[i];
      this.#batched[request]--;
      // The output of a request preempted since still counts, its placeholder is gone already.
      const stale = this.#stale[request] > 0;
      if (stale) this.#stale[request]--;
      if (this.#dropped[request] > 0) {
        this.#dropped[request]--;
        continue;
      }
      if (this.#ended[request] || !batch.samples[i]) continue;
      if (!stale) {
        this.#pending[request]--;
        // Async scheduling: what the last token makes full, no later step will name.
        this.#ledger.name(request, this.#computed[request] - this.#pending[request]);
      }
      tokens.push(request);
      if (++this.#outputs[request] === 1) first.push(request);
      if (this.#isOver(request)) {
        this.#ended[request] = 1;
        finished.push(request);
      }
    }
    if (finished.size > 0) this.#release();
  }

  copyScheduled(requests: Int32Array, tokens: Int32Array): number {
    const running = this.#running;
    let size = 0;
    for (let place = 0; place < running.size; place++) {
      const request = running.items[place];
      if (this.#scheduled[request] === 0) continue;
      requests[size] = request;
      tokens[size++] = this.#scheduled[request];
    }
    return size;
  }

  preemptAll(): void {
    const running = this.#running;
    this.step.clear();
    while (running.size > 0) {
      const request = running.items[running.size - 1];
      this.#made[request] -= this.#pending[request];
      this.#preempt(running.size - 1);
      this.#dropped[request] = this.#stale[request];
    }
  }

  caches(block: number): boolean {
    return this.#ledger.finds(block);
  }

  resetPrefixCache(): boolean {
    return this.#ledger.reset();
  }

  blocksTakenBy(_i: number): number {
    return 0;
  }

  #tokens(request: number): number {
    return this.#requests.promptTokens[request] + this.#outputs[request];
  }

  #isOver(request: number): boolean {
    return this.#outputs[request] >= this.#requests.outputTokens[request] ||
      this.#tokens(request) >= this.#config.max_model_len;
  }

  /** Takes the request at `place` out of the running list; its outputs are kept, its KV is not. */
  #preempt(place: number): void {
    const request = this.#running.items[place];
    this.#running.removeAt(place);
    this.#ledger.release(request);
    this.#computed[request] = this.#scheduled[request] = this.#pending[request] = 0;
    this.#stale[request] = this.#batched[request];
    this.view.waitingSince[request] = this.view.now;
    this.#waiting.putBack(request);
    this.step.preempted.push(request);
  }

  /** Takes finished requests out: of the running list, or of the queue if preempted since. */
  #release(): void {
    this.#running.removeEnded(this.#ended);
    const { items, size } = this.delivery.finished;
    for (let i = 0; i < size; i++) {
      const request = items[i];
      // Preempted since its last token was scheduled: it holds nothing and stands in the queue.
      if (this.#ledger.held(request) === 0) this.#waiting.remove(request);
      this.#ledger.release(request);
      this.#pending[request] = 0;
    }
    this.unfinished -= size;
  }
}
