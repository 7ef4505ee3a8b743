import type { ServerConfig } from "./config.ts";
import type { DecisionCore } from "./decision-core.ts";
import { DecodingCohort } from "./decoding-cohort.ts";
import { Delivery } from "./delivery.ts";
import { FcfsQueue } from "./fcfs-queue.ts";
import { PlannedStep } from "./planned-step.ts";
import { PriorityQueue } from "./priority-queue.ts";
import type { ServerRequests } from "./server-requests.ts";
import type { WaitingQueue } from "./waiting-queue.ts";
import { widened } from "../../collections/widened.ts";

/** Above any prompt; whole, unlike Infinity, so that token counts stay integers to the machine. */
const NO_THRESHOLD = 2 ** 31 - 1;

const UNCOUNTED = -1;

const FREE = 0;
/** Computes its prompt, or recomputes it with its outputs after a preemption. */
const PREFILLING = 1;
/** Takes one token a step. */
const DECODING = 2;
/** Its last token is in flight: holds its place and its blocks, takes nothing. */
const ENDED = 3;
/** The same, but an end-of-sequence token ends it, so it is scheduled once more (§5.7, 4). */
const OVERRUNNING = 4;

/** What a batch in flight will bring, and the slots of those that it ends. */
class Batch extends Delivery {
  readonly slots: Int32Array;

  constructor(maxSequences: number) {
    super(maxSequences);
    this.slots = new Int32Array(maxSequences);
  }
}

/** Options of {@link SkippingCore}. */
export interface SkippingOptions {
  /**
   * Whether a stretch may go on while a batch in flight is to end a request. Nobody must then answer
   * that finish with a request that the driver doesn't know of yet. @default false
   */
  readonly runAhead?: boolean;
  /** Whether each delivery lists all its tokens; it visits every sequence. @default false */
  readonly tokens?: boolean;
}

/**
 * The decisions of {@link StepwiseCore}, without a visit to every sequence in every step. Running
 * sequences live in slots; those that decode advance as one {@link DecodingCohort}. A step without
 * prefill repeats itself until the next sequence ends, blocks run out or someone arrives, and is
 * taken any number of times at once.
 *
 * Why every running sequence is scheduled in every step (so that one clock is enough): vLLM admits
 * a request only while budget is left after everyone before it got what it wanted, and what a
 * sequence wants never grows afterwards, except for the last one in the list. The exceptions, steps
 * that preempt by priority, are walked one sequence at a time (`#walk`).
 */
export class SkippingCore implements DecisionCore {
  readonly step: PlannedStep;
  unfinished = 0;
  running = 0;
  inFlight = 0;

  readonly #maxSequences: number;
  readonly #budget: number;
  readonly #maxModelLen: number;
  readonly #blockSize: number;
  readonly #usableBlocks: number;
  readonly #threshold: number;
  readonly #chunked: boolean;
  readonly #reserve: boolean;
  readonly #watermarkBlocks: number;
  readonly #fcfs: boolean;
  readonly #async: boolean;
  readonly #runAhead: boolean;
  readonly #listsTokens: boolean;

  // By request.
  #prompt: Int32Array;
  #output: Int32Array;
  #cap: Int32Array;
  #priority: Int32Array;
  #arrival: Float64Array;
  /** Output tokens made when the request last left its slot; untouched memory until one did. */
  #made: Int32Array;
  #resumes = false;
  readonly #waiting: WaitingQueue;

  // By slot.
  readonly #request: Int32Array;
  readonly #state: Uint8Array;
  /** The running list, in order of admission; `#admission` numbers it. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #admission: Float64Array;
  /** Tokens computed and blocks held, of those outside the cohort. */
  readonly #computed: Int32Array;
  readonly #held: Int32Array;
  /** Tokens at admission: where its prefill ends. */
  readonly #prefillEnd: Int32Array;
  /** Tokens in the step being planned: of those that prefill, and in a walked step of everyone. */
  readonly #scheduled: Int32Array;

  readonly #freeSlots: Int32Array;
  #freeSlotCount: number;
  #head = -1;
  #tail = -1;
  /** Slots that prefill, in list order. */
  readonly #prefills: Int32Array;
  #prefillCount = 0;
  #admissions = 0;

  readonly #cohort: DecodingCohort;
  /** Blocks of those outside the cohort. */
  #heldOutside = 0;
  /** Blocks that the planned step takes for the cohort: counted when someone asks. */
  #plannedBlocks = 0;
  /** Sequences whose last token is in flight, and those of them that were preempted since. */
  #ending = 0;
  #displaced = 0;
  /** Sequences that are scheduled once more than they should be. */
  #overrunning = 0;
  /** Whether the planned step was walked, and ended before everyone had a turn. */
  #walked = false;
  #passedOver = false;

  readonly #batches: readonly [Batch, Batch];
  #oldest = 0;
  #delivered: Batch;

  constructor(
    config: ServerConfig,
    requests: ServerRequests,
    { runAhead = false, tokens = false }: SkippingOptions = {},
  ) {
    const { max_num_seqs: slots, max_model_len, block_size, num_gpu_blocks } = config;
    this.#maxSequences = slots;
    this.#budget = config.max_num_batched_tokens;
    this.#maxModelLen = max_model_len;
    this.#blockSize = block_size;
    this.#usableBlocks = num_gpu_blocks - 1;
    this.#threshold = config.long_prefill_token_threshold || NO_THRESHOLD;
    this.#chunked = config.enable_chunked_prefill;
    this.#reserve = config.scheduler_reserve_full_isl;
    this.#watermarkBlocks = Math.trunc(config.watermark * num_gpu_blocks);
    this.#fcfs = config.scheduling_policy === "fcfs";
    this.#async = config.async_scheduling;
    this.#runAhead = runAhead;
    this.#listsTokens = tokens;
    this.#prompt = requests.promptTokens;
    this.#output = requests.outputTokens;
    this.#cap = requests.maxTokens ?? requests.outputTokens;
    this.#priority = requests.priority;
    this.#arrival = requests.arrival;
    this.#made = new Int32Array(requests.promptTokens.length);
    this.#waiting = this.#fcfs ? new FcfsQueue() : new PriorityQueue(requests.priority);
    this.#request = new Int32Array(slots);
    this.#state = new Uint8Array(slots);
    this.#next = new Int32Array(slots);
    this.#previous = new Int32Array(slots);
    this.#admission = new Float64Array(slots);
    this.#computed = new Int32Array(slots);
    this.#held = new Int32Array(slots);
    this.#prefillEnd = new Int32Array(slots);
    this.#scheduled = new Int32Array(slots);
    this.#freeSlots = Int32Array.from({ length: slots }, (_, i) => slots - 1 - i);
    this.#freeSlotCount = slots;
    this.#prefills = new Int32Array(slots);
    this.#cohort = new DecodingCohort(slots, block_size, max_model_len);
    this.#batches = [new Batch(slots), new Batch(slots)];
    this.#delivered = this.#batches[1];
    this.step = new PlannedStep(slots);
  }

  get waiting(): number {
    return this.#waiting.size + this.#displaced;
  }

  get freeBlocks(): number {
    if (this.#plannedBlocks === UNCOUNTED) this.#plannedBlocks = this.#cohort.crossings(0);
    return this.#usableBlocks - this.#heldOutside - this.#plannedBlocks - this.#cohort.blocks;
  }

  get delivery(): Delivery {
    return this.#delivered;
  }

  add(request: number): void {
    this.unfinished++;
    this.#waiting.add(request);
  }

  abort(request: number): void {
    this.unfinished--;
    const ends = this.#dropFromFlight(request);
    let slot = this.#head;
    while (slot >= 0 && this.#request[slot] !== request) slot = this.#next[slot];
    if (slot >= 0) {
      if (this.#state[slot] === PREFILLING) this.#forgetPrefill(slot);
      else if (this.#state[slot] !== ENDED) this.#stopDecoding(slot);
      this.#leave(slot);
    } else if (ends) this.#displaced--;
    else this.#waiting.remove(request);
  }

  /** Drops what the batches in flight will bring `request`; whether that was its end. */
  #dropFromFlight(request: number): boolean {
    let ends = false;
    for (let i = 0; i < this.inFlight; i++) {
      const { first, tokens, finished, slots } = this.#batches[(this.#oldest + i) & 1];
      first.remove(request);
      tokens.remove(request);
      const place = finished.remove(request);
      if (place < 0) continue;
      slots.copyWithin(place, place + 1);
      this.#ending--;
      ends = true;
    }
    return ends;
  }

  grow(requests: ServerRequests): void {
    this.#prompt = requests.promptTokens;
    this.#output = requests.outputTokens;
    this.#cap = requests.maxTokens ?? requests.outputTokens;
    this.#priority = requests.priority;
    this.#arrival = requests.arrival;
    this.#made = widened(this.#made, requests.promptTokens.length);
    if (this.#waiting instanceof PriorityQueue) this.#waiting.grow(requests.priority);
  }

  schedule(): void {
    const { step } = this, cohort = this.#cohort;
    step.clear();
    this.#walked = this.#passedOver = false;
    let budget = this.#budget - cohort.size;
    for (let i = 0; i < this.#prefillCount; i++) {
      const slot = this.#prefills[i];
      const want = this.#chunk(slot, budget);
      this.#scheduled[slot] = want;
      this.#hold(slot, this.#blocksFor(this.#computed[slot] + want));
      budget -= want;
    }
    this.#plannedBlocks = UNCOUNTED;
    if (cohort.size > this.#budget) budget = this.#walk();
    else if (!this.#hasFree(0)) {
      if (this.#fcfs) this.#preemptTail();
      else budget = this.#walk();
    }
    if (step.preempted.size === 0 && this.#waiting.size > 0) this.#admitWaiting(budget);
    step.decoding = cohort.size;
    step.context = cohort.context;
    if (this.#passedOver) this.#discountPassedOver();
    if (this.#prefillCount > 0) this.#countPrefills();
    else if (cohort.size > 0 && this.#mayRepeat()) this.#countRepeats();
    step.sequences = step.decoding + step.prefilling;
  }

  /** Phase B of {@link StepwiseCore}. */
  #admitWaiting(budget: number): void {
    while (this.#waiting.size > 0 && budget > 0 && this.running < this.#maxSequences) {
      const request = this.#waiting.head;
      const tokens = this.#prompt[request] + this.#madeBefore(request);
      let want = Math.min(tokens, this.#threshold);
      if (!this.#chunked && want > budget) break;
      want = Math.min(want, budget);
      const kept = this.running > 0 ? this.#watermarkBlocks : 0;
      const needed = this.#blocksFor(want);
      const whole = this.#blocksFor(Math.min(tokens, this.#maxModelLen));
      if (!this.#hasFree((this.#reserve ? Math.max(whole, needed) : needed) + kept)) break;
      this.#waiting.pop();
      const slot = this.#enter(request);
      this.#state[slot] = PREFILLING;
      this.#prefills[this.#prefillCount++] = slot;
      this.#prefillEnd[slot] = tokens;
      this.#computed[slot] = 0;
      this.#scheduled[slot] = want;
      this.#held[slot] = 0;
      this.#hold(slot, needed);
      this.step.admitted.push(request);
      budget -= want;
    }
  }

  /** Whether `blocks` are free. The exact count is only made when a bound does not decide it. */
  #hasFree(blocks: number): boolean {
    const room = (this.#usableBlocks - this.#heldOutside - blocks) * this.#blockSize;
    return this.#cohort.tokensHeldAtMost(1) <= room || blocks <= this.freeBlocks;
  }

  /**
   * Preempts under fcfs until everyone left has the blocks of the step. Victims are taken from the
   * tail, before they had their turn, and only while someone before them lacks a block: so it does
   * not matter at whose turn they go.
   */
  #preemptTail(): void {
    while (!this.#hasFree(0)) {
      const decodes = this.#state[this.#tail] === DECODING ||
        this.#state[this.#tail] === OVERRUNNING;
      if (decodes && this.#cohort.crosses(this.#tail)) this.#plannedBlocks--;
      this.#preempt(this.#tail);
    }
  }

  /**
   * Phase A of {@link StepwiseCore}, one sequence at a time: it depends on whose turn it is who is
   * preempted, and who is passed over. Returns what it left of the budget.
   */
  #walk(): number {
    this.#walked = true;
    for (let slot = this.#head; slot >= 0; slot = this.#next[slot]) this.#scheduled[slot] = 0;
    for (let i = 0; i < this.#prefillCount; i++) {
      const slot = this.#prefills[i];
      this.#hold(slot, this.#blocksFor(this.#computed[slot]));
    }
    this.#plannedBlocks = 0;
    let free = this.freeBlocks;
    let budget = this.#budget;
    let slot = this.#head;
    for (; slot >= 0 && budget > 0; slot = this.#next[slot]) {
      const state = this.#state[slot];
      if (state === ENDED) continue;
      const prefills = state === PREFILLING;
      const want = prefills ? this.#chunk(slot, budget) : 1;
      if (want === 0) continue;
      const needed = prefills
        ? this.#blocksFor(this.#computed[slot] + want) - this.#held[slot]
        : this.#cohort.crosses(slot)
        ? 1
        : 0;
      while (needed > free) {
        const victim = this.#victim();
        if (this.#scheduled[victim] > 0) {
          budget += this.#scheduled[victim];
          if (this.#state[victim] !== PREFILLING && this.#cohort.crosses(victim)) {
            this.#plannedBlocks--;
          }
        }
        this.#preempt(victim);
        if (victim === slot) {
          this.#passedOver = this.#next[slot] >= 0;
          return budget;
        }
        free = this.freeBlocks;
      }
      if (prefills) this.#hold(slot, this.#held[slot] + needed);
      else this.#plannedBlocks += needed;
      this.#scheduled[slot] = want;
      free -= needed;
      budget -= want;
    }
    this.#passedOver = slot >= 0;
    return budget;
  }

  /** Tokens of its prefill that `slot` wants of `budget`. */
  #chunk(slot: number, budget: number): number {
    return Math.min(this.#prefillEnd[slot] - this.#computed[slot], this.#threshold, budget);
  }

  #victim(): number {
    if (this.#fcfs) return this.#tail;
    let worst = this.#head;
    for (let slot = this.#next[worst]; slot >= 0; slot = this.#next[slot]) {
      const request = this.#request[slot], other = this.#request[worst];
      if (
        this.#priority[request] > this.#priority[other] ||
        (this.#priority[request] === this.#priority[other] &&
          this.#arrival[request] > this.#arrival[other])
      ) worst = slot;
    }
    return worst;
  }

  #preempt(slot: number): void {
    const request = this.#request[slot];
    const state = this.#state[slot];
    this.step.preempted.push(request);
    if (state === PREFILLING) this.#forgetPrefill(slot);
    else if (state !== ENDED) {
      this.#resumes = true;
      this.#made[request] = this.#length(request) - this.#cohort.left(slot);
      this.#stopDecoding(slot);
    }
    this.#leave(slot);
    // One whose last token is in flight ends before it could be scheduled again.
    if (state === PREFILLING || state === DECODING) this.#waiting.putBack(request);
    else this.#displaced++;
  }

  #forgetPrefill(slot: number): void {
    const place = this.#prefills.indexOf(slot);
    this.#prefills.copyWithin(place, place + 1, this.#prefillCount--);
  }

  #discountPassedOver(): void {
    const { step } = this;
    for (let slot = this.#head; slot >= 0; slot = this.#next[slot]) {
      if (!this.#sitsOut(slot)) continue;
      step.decoding--;
      step.context -= this.#cohort.computed(slot) + 1;
    }
  }

  /** Whether `slot` decodes and had no turn in a walked step. */
  #sitsOut(slot: number): boolean {
    const state = this.#state[slot];
    return (state === DECODING || state === OVERRUNNING) && this.#scheduled[slot] === 0;
  }

  #countPrefills(): void {
    const { step } = this;
    for (let i = 0; i < this.#prefillCount; i++) {
      const slot = this.#prefills[i];
      const want = this.#scheduled[slot];
      if (want === 0) continue;
      step.prefilling++;
      step.prefillTokens += want;
      step.prefillPairs += want * this.#computed[slot] + want * (want + 1) / 2;
    }
  }

  /** Whether the next step is the same, but for what happens to those who run. */
  #mayRepeat(): boolean {
    // After a preemption nobody was let in, in the step after it somebody may be.
    if (this.#walked || this.step.preempted.size > 0) return false;
    return this.#ending === 0 ||
      (this.#runAhead && this.#overrunning === 0 && this.#waiting.size === 0);
  }

  /** How often the planned step, which only decodes, can be taken before something changes. */
  #countRepeats(): void {
    const { step } = this, cohort = this.#cohort;
    let repeats = cohort.stepsToEnd();
    const room = (this.#usableBlocks - this.#heldOutside) * this.#blockSize;
    if (cohort.tokensHeldAtMost(repeats) > room) {
      repeats = cohort.stepsThatFit(this.freeBlocks, repeats);
    }
    step.repeats = repeats;
    // With seats full, or a head for which blocks lack under fcfs, an arrival only queues up.
    step.heedsArrivals = this.#ending > 0 ||
      (this.running < this.#maxSequences && (!this.#fcfs || this.#waiting.size === 0));
  }

  blocksTakenBy(i: number): number {
    return this.#cohort.crossings(i);
  }

  take(n: number): void {
    const batch = this.#batches[(this.#oldest + this.inFlight++) & 1];
    batch.clear();
    if (this.step.sequences === 0) return;
    if (this.#listsTokens) this.#listTokens(batch);
    const cohort = this.#cohort;
    if (this.#passedOver) {
      for (let slot = this.#head; slot >= 0; slot = this.#next[slot]) {
        if (this.#sitsOut(slot)) cohort.delay(slot);
      }
    }
    this.#plannedBlocks = 0;
    cohort.advance(n);
    for (let slot = cohort.nextEnded(); slot >= 0; slot = cohort.nextEnded()) {
      this.#end(slot, batch);
    }
    if (this.#prefillCount > 0) this.#advancePrefills(batch);
    if (batch.finished.size > 1) this.#sortByAdmission(batch);
  }

  /** Writes down who gets a token by the planned step. */
  #listTokens({ tokens }: Batch): void {
    for (let slot = this.#head; slot >= 0; slot = this.#next[slot]) {
      const state = this.#state[slot];
      const yields = state === PREFILLING
        ? this.#computed[slot] + this.#scheduled[slot] === this.#prefillEnd[slot]
        : state === DECODING && !(this.#walked && this.#scheduled[slot] === 0);
      if (yields) tokens.push(this.#request[slot]);
    }
  }

  #advancePrefills(batch: Batch): void {
    let kept = 0;
    for (let i = 0; i < this.#prefillCount; i++) {
      const slot = this.#prefills[i];
      const computed = this.#computed[slot] += this.#scheduled[slot];
      if (computed < this.#prefillEnd[slot]) {
        this.#prefills[kept++] = slot;
        continue;
      }
      const request = this.#request[slot];
      const made = this.#madeBefore(request) + 1;
      if (made === 1) batch.first.push(request);
      const left = this.#length(request) - made;
      this.#state[slot] = DECODING;
      this.#heldOutside -= this.#held[slot];
      this.#cohort.start(slot, computed, left);
      if (left === 0) this.#end(slot, batch);
    }
    this.#prefillCount = kept;
  }

  /** The step just taken brings the last token of `slot`. */
  #end(slot: number, batch: Batch): void {
    const request = this.#request[slot];
    batch.slots[batch.finished.size] = slot;
    batch.finished.push(request);
    this.#ending++;
    const cap = Math.min(this.#cap[request], this.#maxModelLen - this.#prompt[request]);
    if (this.#async && this.#output[request] < cap) {
      this.#state[slot] = OVERRUNNING;
      this.#overrunning++;
    } else {
      this.#stopDecoding(slot);
      this.#state[slot] = ENDED;
    }
  }

  /** Takes `slot` out of the cohort, with its blocks. */
  #stopDecoding(slot: number): void {
    if (this.#state[slot] === OVERRUNNING) this.#overrunning--;
    const computed = this.#cohort.stop(slot);
    this.#computed[slot] = computed;
    this.#held[slot] = 0;
    this.#hold(slot, this.#blocksFor(computed));
  }

  deliver(): void {
    const batch = this.#batches[this.#oldest];
    this.#delivered = batch;
    this.#oldest ^= 1;
    this.inFlight--;
    const { size } = batch.finished;
    for (let i = 0; i < size; i++) {
      const slot = batch.slots[i];
      // Preempted since: no slot is filled again before the batch in flight is back.
      if (this.#state[slot] === FREE) continue;
      if (this.#state[slot] === OVERRUNNING) this.#stopDecoding(slot);
      this.#leave(slot);
    }
    this.#displaced = 0;
    this.#ending -= size;
    this.unfinished -= size;
  }

  copyScheduled(requests: Int32Array, tokens: Int32Array): number {
    let size = 0;
    for (let slot = this.#head; slot >= 0; slot = this.#next[slot]) {
      const state = this.#state[slot];
      if (state === ENDED) continue;
      const want = state === PREFILLING || this.#walked ? this.#scheduled[slot] : 1;
      if (want === 0) continue;
      requests[size] = this.#request[slot];
      tokens[size++] = want;
    }
    return size;
  }

  #madeBefore(request: number): number {
    return this.#resumes ? this.#made[request] : 0;
  }

  /** Output tokens that the server will make for `request`. */
  #length(request: number): number {
    return Math.min(this.#output[request], this.#maxModelLen - this.#prompt[request]);
  }

  #blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.#blockSize);
  }

  /** Lets `slot`, which is outside the cohort, hold `blocks`. */
  #hold(slot: number, blocks: number): void {
    this.#heldOutside += blocks - this.#held[slot];
    this.#held[slot] = blocks;
  }

  /** Gives `request` a slot at the end of the running list. */
  #enter(request: number): number {
    const slot = this.#freeSlots[--this.#freeSlotCount];
    this.#request[slot] = request;
    this.#admission[slot] = this.#admissions++;
    this.#next[slot] = -1;
    this.#previous[slot] = this.#tail;
    if (this.#tail >= 0) this.#next[this.#tail] = slot;
    else this.#head = slot;
    this.#tail = slot;
    this.running++;
    return slot;
  }

  /**
   * Takes `slot`, which is outside the cohort, out of the running list, and gives its blocks back.
   * Its links stay, so that a walk can go on from it.
   */
  #leave(slot: number): void {
    this.#heldOutside -= this.#held[slot];
    const next = this.#next[slot], previous = this.#previous[slot];
    if (next >= 0) this.#previous[next] = previous;
    else this.#tail = previous;
    if (previous >= 0) this.#next[previous] = next;
    else this.#head = next;
    this.#state[slot] = FREE;
    this.#freeSlots[this.#freeSlotCount++] = slot;
    this.running--;
  }

  /** Puts what a batch ends into the order of the running list; it is rarely more than a few. */
  #sortByAdmission({ finished: { items, size }, slots }: Batch): void {
    for (let i = 1; i < size; i++) {
      const request = items[i], slot = slots[i];
      let hole = i;
      for (; hole > 0 && this.#admission[slots[hole - 1]] > this.#admission[slot]; hole--) {
        items[hole] = items[hole - 1];
        slots[hole] = slots[hole - 1];
      }
      items[hole] = request;
      slots[hole] = slot;
    }
  }
}
