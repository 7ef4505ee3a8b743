import type { ServerConfig } from "./config.ts";
import type { DecisionCore } from "./decision-core.ts";
import { Delivery } from "./delivery.ts";
import { FcfsQueue } from "./fcfs-queue.ts";
import { PlannedStep } from "./planned-step.ts";
import { PriorityQueue } from "./priority-queue.ts";
import type { ServerRequests } from "./server-requests.ts";
import type { WaitingQueue } from "./waiting-queue.ts";
import { widened } from "../../collections/widened.ts";

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
 * the rules there. Scope: a dense decoder-only model on one device, no prefix cache, no
 * speculation.
 *
 * vLLM also keeps a queue of preempted requests whose output is still in flight. With at most two
 * batches in flight it never holds anyone at the moment it is read: the batch before a preemption
 * is delivered before the next step is scheduled. So it has no counterpart here.
 */
export class StepwiseCore implements DecisionCore {
  readonly step: PlannedStep;
  readonly delivery: Delivery;
  unfinished = 0;
  running = 0;
  freeBlocks: number;
  inFlight = 0;

  readonly #config: ServerConfig;
  readonly #watermarkBlocks: number;
  #requests: ServerRequests;
  #maxTokens: Int32Array;
  readonly #waiting: WaitingQueue;
  /** In order of admission. */
  readonly #running: Int32Array;
  /** Ring of two: the batches in flight, oldest at `#oldest`. */
  readonly #batches: readonly [Batch, Batch];
  #oldest = 0;

  // By request.
  /** Tokens whose KV is computed or scheduled. */
  #computed: Int32Array;
  /** Output tokens delivered. */
  #outputs: Int32Array;
  /** Output tokens in flight, as far as they count (vLLM's placeholders). */
  #pending: Uint8Array;
  /** Batches in flight that hold the request, and how many of them predate its preemption. */
  #batched: Uint8Array;
  #stale: Uint8Array;
  #heldBlocks: Int32Array;
  /** Tokens at admission: what has to be computed before the next output token. */
  #prefillEnd: Int32Array;
  /** Tokens scheduled in the step being planned. */
  #scheduled: Int32Array;
  /** Finished or aborted: what is still in flight for it is dropped. */
  #ended: Uint8Array;

  constructor(config: ServerConfig, requests: ServerRequests) {
    const { max_num_seqs, num_gpu_blocks, scheduling_policy, watermark } = config;
    const count = requests.promptTokens.length;
    this.#config = config;
    this.#requests = requests;
    this.#maxTokens = requests.maxTokens ?? requests.outputTokens;
    this.#watermarkBlocks = Math.trunc(watermark * num_gpu_blocks);
    this.#waiting = scheduling_policy === "priority"
      ? new PriorityQueue(requests.priority)
      : new FcfsQueue();
    this.#running = new Int32Array(max_num_seqs);
    this.#batches = [new Batch(max_num_seqs), new Batch(max_num_seqs)];
    this.step = new PlannedStep(max_num_seqs);
    this.delivery = new Delivery(max_num_seqs);
    this.freeBlocks = num_gpu_blocks - 1;
    this.#computed = new Int32Array(count);
    this.#outputs = new Int32Array(count);
    this.#pending = new Uint8Array(count);
    this.#batched = new Uint8Array(count);
    this.#stale = new Uint8Array(count);
    this.#heldBlocks = new Int32Array(count);
    this.#prefillEnd = new Int32Array(count);
    this.#scheduled = new Int32Array(count);
    this.#ended = new Uint8Array(count);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  add(request: number): void {
    this.#computed[request] = this.#outputs[request] = this.#ended[request] = 0;
    this.unfinished++;
    this.#waiting.add(request);
  }

  abort(request: number): void {
    const place = this.#running.subarray(0, this.running).indexOf(request);
    if (place < 0) this.#waiting.remove(request);
    else {
      this.#running.copyWithin(place, place + 1, this.running--);
      this.#free(request);
    }
    this.#ended[request] = 1;
    this.unfinished--;
  }

  grow(requests: ServerRequests): void {
    const count = requests.promptTokens.length;
    this.#requests = requests;
    this.#maxTokens = requests.maxTokens ?? requests.outputTokens;
    if (this.#waiting instanceof PriorityQueue) this.#waiting.grow(requests.priority);
    this.#computed = widened(this.#computed, count);
    this.#outputs = widened(this.#outputs, count);
    this.#pending = widened(this.#pending, count);
    this.#batched = widened(this.#batched, count);
    this.#stale = widened(this.#stale, count);
    this.#heldBlocks = widened(this.#heldBlocks, count);
    this.#prefillEnd = widened(this.#prefillEnd, count);
    this.#scheduled = widened(this.#scheduled, count);
    this.#ended = widened(this.#ended, count);
  }

  schedule(): void {
    this.step.clear();
    for (let place = 0; place < this.running; place++) this.#scheduled[this.#running[place]] = 0;
    const budget = this.#scheduleRunning(this.#config.max_num_batched_tokens);
    if (this.step.preempted.size === 0) this.#admitWaiting(budget);
    for (let place = 0; place < this.running; place++) this.#count(this.#running[place]);
  }

  /** Phase A: the running requests, in list order. Returns what it left of the budget. */
  #scheduleRunning(budget: number): number {
    const { max_model_len, long_prefill_token_threshold: threshold } = this.#config;
    let place = 0;
    while (place < this.running && budget > 0) {
      const request = this.#running[place];
      const computed = this.#computed[request];
      // A1: all tokens it may have are made or in flight.
      if (this.#outputs[request] + this.#pending[request] >= this.#maxTokens[request]) {
        place++;
        continue;
      }
      let want = this.#tokens(request) + this.#pending[request] - computed;
      if (threshold > 0) want = Math.min(want, threshold);
      want = Math.min(want, budget, max_model_len - computed - 1);
      if (want <= 0) {
        place++;
        continue;
      }
      const needed = this.#blocksFor(computed + want) - this.#heldBlocks[request];
      while (needed > this.freeBlocks) {
        const victimPlace = this.#victimPlace();
        const victim = this.#running[victimPlace];
        budget += this.#scheduled[victim];
        this.#preempt(victimPlace);
        if (victim === request) return budget;
        if (victimPlace < place) place--;
      }
      this.#hold(request, needed);
      this.#scheduled[request] = want;
      budget -= want;
      place++;
    }
    return budget;
  }

  /** Phase B: the waiting requests, as long as the head fits; nobody overtakes it. */
  #admitWaiting(budget: number): void {
    const { max_num_seqs, max_model_len, long_prefill_token_threshold: threshold } = this.#config;
    while (this.#waiting.size > 0 && budget > 0 && this.running < max_num_seqs) {
      const request = this.#waiting.head;
      const tokens = this.#tokens(request);
      let want = threshold > 0 ? Math.min(tokens, threshold) : tokens;
      if (!this.#config.enable_chunked_prefill && want > budget) break;
      want = Math.min(want, budget);
      const room = this.freeBlocks - (this.running > 0 ? this.#watermarkBlocks : 0);
      const whole = this.#blocksFor(Math.min(tokens, max_model_len));
      if (this.#config.scheduler_reserve_full_isl && whole > room) break;
      const needed = this.#blocksFor(want);
      if (needed > room) break;
      this.#waiting.pop();
      this.#running[this.running++] = request;
      this.#prefillEnd[request] = tokens;
      this.#hold(request, needed);
      this.#scheduled[request] = want;
      this.step.admitted.push(request);
      budget -= want;
    }
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
    } else {
      step.decoding++;
      step.context += computed + 1;
    }
  }

  take(_n: number): void {
    const batch = this.#batches[(this.#oldest + this.inFlight++) & 1];
    batch.size = 0;
    for (let place = 0; place < this.running; place++) {
      const request = this.#running[place];
      const want = this.#scheduled[request];
      if (want === 0) continue;
      this.#computed[request] += want;
      const samples = this.#computed[request] === this.#tokens(request) + this.#pending[request];
      if (samples) this.#pending[request]++;
      this.#batched[request]++;
      batch.requests[batch.size] = request;
      batch.samples[batch.size++] = samples ? 1 : 0;
    }
  }

  deliver(): void {
    const { first, finished, tokens } = this.delivery;
    this.delivery.clear();
    const batch = this.#batches[this.#oldest];
    this.#oldest ^= 1;
    this.inFlight--;
    for (let i = 0; i < batch.size; i++) {
      const request = batch.requests[i];
      this.#batched[request]--;
      // The output of a request preempted since still counts, its placeholder is gone already.
      const stale = this.#stale[request] > 0;
      if (stale) this.#stale[request]--;
      if (this.#ended[request] || !batch.samples[i]) continue;
      if (!stale) this.#pending[request]--;
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
    let size = 0;
    for (let place = 0; place < this.running; place++) {
      const request = this.#running[place];
      if (this.#scheduled[request] === 0) continue;
      requests[size] = request;
      tokens[size++] = this.#scheduled[request];
    }
    return size;
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

  #blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.#config.block_size);
  }

  #hold(request: number, blocks: number): void {
    this.#heldBlocks[request] += blocks;
    this.freeBlocks -= blocks;
  }

  #free(request: number): void {
    this.freeBlocks += this.#heldBlocks[request];
    this.#heldBlocks[request] = 0;
  }

  /**
   * A6: fcfs takes the request admitted last; priority the one with the largest (priority,
   * arrival), among equals the one admitted first.
   */
  #victimPlace(): number {
    if (this.#config.scheduling_policy === "fcfs") return this.running - 1;
    const { priority, arrival } = this.#requests;
    let worst = 0;
    for (let place = 1; place < this.running; place++) {
      const request = this.#running[place], other = this.#running[worst];
      if (
        priority[request] > priority[other] ||
        (priority[request] === priority[other] && arrival[request] > arrival[other])
      ) worst = place;
    }
    return worst;
  }

  /** Takes the request at `place` out of the running list; its outputs are kept, its KV is not. */
  #preempt(place: number): void {
    const request = this.#running[place];
    this.#running.copyWithin(place, place + 1, this.running--);
    this.#free(request);
    this.#computed[request] = this.#scheduled[request] = this.#pending[request] = 0;
    this.#stale[request] = this.#batched[request];
    this.#waiting.putBack(request);
    this.step.preempted.push(request);
  }

  /** Takes finished requests out: of the running list, or of the queue if preempted since. */
  #release(): void {
    let kept = 0;
    for (let place = 0; place < this.running; place++) {
      const request = this.#running[place];
      if (!this.#ended[request]) this.#running[kept++] = request;
    }
    this.running = kept;
    const { items, size } = this.delivery.finished;
    for (let i = 0; i < size; i++) {
      const request = items[i];
      // Preempted since its last token was scheduled: it holds nothing and stands in the queue.
      if (this.#heldBlocks[request] === 0) this.#waiting.remove(request);
      this.#free(request);
      this.#pending[request] = 0;
    }
    this.unfinished -= size;
  }
}
