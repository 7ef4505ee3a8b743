import type { ServerConfig } from "./config.ts";
import type { DecisionCore } from "./decision-core.ts";
import { Delivery } from "./delivery.ts";
import { FcfsQueue } from "./fcfs-queue.ts";
import { FinishCalendar } from "./finish-calendar.ts";
import { PlannedStep } from "./planned-step.ts";
import { PriorityQueue } from "./priority-queue.ts";
import type { ServerRequests } from "./server-requests.ts";
import type { WaitingQueue } from "./waiting-queue.ts";

/** Above any prompt; whole, unlike Infinity, so that token counts stay integers to the machine. */
const NO_THRESHOLD = 2 ** 31 - 1;

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
}

/**
 * The decisions of {@link StepwiseCore}, without a visit to every sequence in every step. Running
 * sequences live in slots. All that decode advance together, so one clock of steps stands for all
 * of them: who ends when is a calendar over that clock, and who needs a KV block when is a count by
 * residue of the clock modulo the block size. A step without prefill repeats itself until the next
 * sequence ends, blocks run out or someone arrives, and is taken any number of times at once.
 *
 * Why every running sequence is scheduled in every step (so that one clock is enough): vLLM admits
 * a request only while budget is left after everyone before it got what it wanted, and what a
 * sequence wants never grows afterwards, except for the last one in the list. The exceptions, steps
 * that preempt, are walked one sequence at a time (`#walk`).
 */
export class SkippingCore implements DecisionCore {
  readonly step: PlannedStep;
  unfinished = 0;
  running = 0;
  freeBlocks: number;
  inFlight = 0;

  readonly #maxSequences: number;
  readonly #budget: number;
  readonly #maxModelLen: number;
  readonly #blockSize: number;
  readonly #threshold: number;
  readonly #chunked: boolean;
  readonly #reserve: boolean;
  readonly #watermarkBlocks: number;
  readonly #fcfs: boolean;
  readonly #async: boolean;
  readonly #runAhead: boolean;

  // By request.
  readonly #prompt: Int32Array;
  readonly #output: Int32Array;
  readonly #cap: Int32Array;
  readonly #priority: Int32Array;
  readonly #arrival: Float64Array;
  /** Output tokens made when the request last left its slot. */
  readonly #made: Int32Array;
  readonly #waiting: WaitingQueue;

  // By slot.
  readonly #request: Int32Array;
  readonly #state: Uint8Array;
  /** The running list, in order of admission; `#admission` numbers it. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #admission: Float64Array;
  /** Tokens computed, of those that don't decode. */
  readonly #computed: Int32Array;
  /** Tokens computed less the clock, of those that decode: it stays while both grow. */
  readonly #origin: Float64Array;
  /** Tokens at admission: where its prefill ends. */
  readonly #prefillEnd: Int32Array;
  /** Tokens in the step being planned: of those that prefill, and in a walked step of everyone. */
  readonly #scheduled: Int32Array;
  /** Clock after the step that brings its last token. */
  readonly #last: Float64Array;
  /** Phase of the clock at which it needs its next block. */
  readonly #residue: Int32Array;

  readonly #freeSlots: Int32Array;
  #freeSlotCount: number;
  #head = -1;
  #tail = -1;
  /** Slots that prefill, in list order. */
  readonly #prefills: Int32Array;
  #prefillCount = 0;
  #admissions = 0;

  /** Steps that anyone ran in so far, and that modulo the block size. */
  #clock = 0;
  #phase = 0;
  readonly #calendar: FinishCalendar;
  /** Sequences that take one token a step, and the tokens they attend to in the next. */
  #decoding = 0;
  #context = 0;
  /** How many of them take a block at each phase of the clock. */
  readonly #crossing: Int32Array;
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
    { runAhead = false }: SkippingOptions = {},
  ) {
    const { max_num_seqs: slots, max_model_len, block_size, num_gpu_blocks } = config;
    this.#runAhead = runAhead;
    this.#maxSequences = slots;
    this.#budget = config.max_num_batched_tokens;
    this.#maxModelLen = max_model_len;
    this.#blockSize = block_size;
    this.#threshold = config.long_prefill_token_threshold || NO_THRESHOLD;
    this.#chunked = config.enable_chunked_prefill;
    this.#reserve = config.scheduler_reserve_full_isl;
    this.#watermarkBlocks = Math.trunc(config.watermark * num_gpu_blocks);
    this.#fcfs = config.scheduling_policy === "fcfs";
    this.#async = config.async_scheduling;
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
    this.#origin = new Float64Array(slots);
    this.#prefillEnd = new Int32Array(slots);
    this.#scheduled = new Int32Array(slots);
    this.#last = new Float64Array(slots);
    this.#residue = new Int32Array(slots);
    this.#freeSlots = Int32Array.from({ length: slots }, (_, i) => slots - 1 - i);
    this.#freeSlotCount = slots;
    this.#prefills = new Int32Array(slots);
    // One more than the longest answer: a sequence may be passed over in the step before it ends.
    this.#calendar = new FinishCalendar(slots, max_model_len + 2);
    this.#crossing = new Int32Array(block_size);
    this.#batches = [new Batch(slots), new Batch(slots)];
    this.#delivered = this.#batches[1];
    this.step = new PlannedStep(slots);
    this.freeBlocks = num_gpu_blocks - 1;
  }

  get waiting(): number {
    return this.#waiting.size + this.#displaced;
  }

  get delivery(): Delivery {
    return this.#delivered;
  }

  add(request: number): void {
    this.unfinished++;
    this.#waiting.add(request);
  }

  schedule(): void {
    const { step } = this;
    step.clear();
    this.#walked = this.#passedOver = false;
    let budget = this.#budget - this.#decoding;
    let needed = this.#crossing[this.#phase];
    for (let i = 0; i < this.#prefillCount; i++) {
      const slot = this.#prefills[i];
      const computed = this.#computed[slot];
      const want = this.#chunk(slot, budget);
      this.#scheduled[slot] = want;
      needed += this.#blocksFor(computed + want) - this.#blocksFor(computed);
      budget -= want;
    }
    if (needed > this.freeBlocks || this.#decoding > this.#budget) budget = this.#walk();
    else this.freeBlocks -= needed;
    if (step.preempted.size === 0 && this.#waiting.size > 0) this.#admitWaiting(budget);
    this.#countDecoding();
    if (this.#prefillCount > 0) this.#countPrefills();
    else if (this.#decoding > 0 && !this.#walked && this.#mayRepeat()) this.#countRepeats();
    step.sequences = step.decoding + step.prefilling;
  }

  /** Phase B of {@link StepwiseCore}. */
  #admitWaiting(budget: number): void {
    while (this.#waiting.size > 0 && budget > 0 && this.running < this.#maxSequences) {
      const request = this.#waiting.head;
      const tokens = this.#prompt[request] + this.#made[request];
      let want = Math.min(tokens, this.#threshold);
      if (!this.#chunked && want > budget) break;
      want = Math.min(want, budget);
      const room = this.freeBlocks - (this.running > 0 ? this.#watermarkBlocks : 0);
      const whole = Math.min(tokens, this.#maxModelLen);
      if (this.#reserve && this.#blocksFor(whole) > room) break;
      const needed = this.#blocksFor(want);
      if (needed > room) break;
      this.#waiting.pop();
      const slot = this.#enter(request);
      this.#prefillEnd[slot] = tokens;
      this.#computed[slot] = 0;
      this.#scheduled[slot] = want;
      this.#state[slot] = PREFILLING;
      this.#prefills[this.#prefillCount++] = slot;
      this.freeBlocks -= needed;
      this.step.admitted.push(request);
      budget -= want;
    }
  }

  /**
   * Phase A of {@link StepwiseCore}, one sequence at a time: the blocks don't suffice for everyone.
   * Returns what it left of the budget.
   */
  #walk(): number {
    this.#walked = true;
    for (let slot = this.#head; slot >= 0; slot = this.#next[slot]) this.#scheduled[slot] = 0;
    let budget = this.#budget;
    let slot = this.#head;
    for (; slot >= 0 && budget > 0; slot = this.#next[slot]) {
      const state = this.#state[slot];
      if (state === ENDED) continue;
      let want = 1;
      let needed = 0;
      if (state === PREFILLING) {
        const computed = this.#computed[slot];
        want = this.#chunk(slot, budget);
        if (want === 0) continue;
        needed = this.#blocksFor(computed + want) - this.#blocksFor(computed);
      } else if (this.#residue[slot] === this.#phase) needed = 1;
      while (needed > this.freeBlocks) {
        const victim = this.#victim();
        budget += this.#scheduled[victim];
        this.#preempt(victim);
        if (victim !== slot) continue;
        this.#passedOver = this.#next[slot] >= 0;
        return budget;
      }
      this.freeBlocks -= needed;
      this.#scheduled[slot] = want;
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
    if (state === PREFILLING) {
      const place = this.#prefills.indexOf(slot);
      this.#prefills.copyWithin(place, place + 1, this.#prefillCount--);
    } else if (state === DECODING) {
      this.#made[request] = this.#length(request) - (this.#last[slot] - this.#clock);
      this.#calendar.remove(slot, this.#last[slot]);
      this.#stopDecoding(slot);
    } else if (state === OVERRUNNING) this.#stopOverrunning(slot);
    this.freeBlocks += this.#blocksFor(this.#computed[slot] + this.#scheduled[slot]);
    this.#leave(slot);
    // One whose last token is in flight ends before it could be scheduled again.
    if (state === PREFILLING || state === DECODING) this.#waiting.putBack(request);
    else this.#displaced++;
  }

  #countDecoding(): void {
    const { step } = this;
    step.decoding = this.#decoding;
    step.context = this.#context;
    if (this.#passedOver) {
      for (let slot = this.#head; slot >= 0; slot = this.#next[slot]) {
        const decodes = this.#state[slot] === DECODING || this.#state[slot] === OVERRUNNING;
        if (!decodes || this.#scheduled[slot] > 0) continue;
        step.decoding--;
        step.context -= this.#origin[slot] + this.#clock + 1;
      }
    }
  }

  #countPrefills(): void {
    const { step } = this;
    for (let i = 0; i < this.#prefillCount; i++) {
      const slot = this.#prefills[i];
      const want = this.#scheduled[slot];
      if (want === 0) continue;
      const computed = this.#computed[slot];
      step.prefilling++;
      step.prefillTokens += want;
      step.prefillPairs += want * computed + want * (want + 1) / 2;
    }
  }

  /** Whether the next step is the same although a batch in flight will end a request. */
  #mayRepeat(): boolean {
    return this.#ending === 0 ||
      (this.#runAhead && this.#overrunning === 0 && this.#waiting.size === 0);
  }

  /** How often the planned step, which only decodes, can be taken before something changes. */
  #countRepeats(): void {
    const { step } = this;
    let repeats = this.#calendar.stepsToNext(this.#clock);
    const size = this.#blockSize, decoding = this.#decoding;
    if (((repeats - 1) / size + 1) * decoding > this.freeBlocks) {
      // Each sequence takes one block in any `size` steps in a row.
      const rounds = Math.min(
        Math.floor((repeats - 1) / size),
        Math.floor(this.freeBlocks / decoding),
      );
      let left = this.freeBlocks - rounds * decoding;
      let taken = 1 + rounds * size;
      for (let phase = this.#phase; taken < repeats; taken++) {
        if (++phase === size) phase = 0;
        left -= this.#crossing[phase];
        if (left < 0) break;
      }
      repeats = taken;
    }
    step.repeats = repeats;
    // With seats full, or a head for which blocks lack under fcfs, an arrival only queues up.
    step.heedsArrivals = this.#ending > 0 ||
      (this.running < this.#maxSequences && (!this.#fcfs || this.#waiting.size === 0));
  }

  blocksTakenBy(i: number): number {
    return this.#crossing[(this.#phase + i) % this.#blockSize];
  }

  take(n: number): void {
    const batch = this.#batches[(this.#oldest + this.inFlight++) & 1];
    batch.first.size = batch.finished.size = 0;
    if (this.step.sequences === 0) return;
    if (n > 1) this.#takeBlocks(n);
    if (this.#passedOver) this.#holdBack();
    this.#clock += n;
    this.#phase = (this.#phase + n) % this.#blockSize;
    this.#context += n * this.#decoding;
    for (
      let slot = this.#calendar.takeAt(this.#clock);
      slot >= 0;
      slot = this.#calendar.takeAt(this.#clock)
    ) this.#end(slot, batch);
    if (this.#prefillCount > 0) this.#advancePrefills(batch);
    if (batch.finished.size > 1) this.#sortByAdmission(batch);
  }

  /** Blocks of repetitions 1 … n - 1; those of the step itself were taken when it was planned. */
  #takeBlocks(n: number): void {
    const rounds = Math.floor((n - 1) / this.#blockSize);
    let taken = rounds * this.#decoding;
    let phase = this.#phase;
    for (let rest = n - 1 - rounds * this.#blockSize; rest > 0; rest--) {
      if (++phase === this.#blockSize) phase = 0;
      taken += this.#crossing[phase];
    }
    this.freeBlocks -= taken;
  }

  /** Lets those that had no turn in a walked step fall one step behind the clock. */
  #holdBack(): void {
    for (let slot = this.#head; slot >= 0; slot = this.#next[slot]) {
      const state = this.#state[slot];
      if ((state !== DECODING && state !== OVERRUNNING) || this.#scheduled[slot] > 0) continue;
      if (state === DECODING) {
        this.#calendar.remove(slot, this.#last[slot]);
        this.#calendar.add(slot, ++this.#last[slot]);
      }
      this.#origin[slot]--;
      this.#context--;
      this.#crossing[this.#residue[slot]]--;
      this.#residue[slot] = (this.#residue[slot] + 1) % this.#blockSize;
      this.#crossing[this.#residue[slot]]++;
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
      const made = this.#made[request] + 1;
      if (made === 1) batch.first.push(request);
      this.#state[slot] = DECODING;
      this.#startDecoding(slot, computed);
      const left = this.#length(request) - made;
      this.#last[slot] = this.#clock + left;
      if (left > 0) this.#calendar.add(slot, this.#last[slot]);
      else this.#end(slot, batch);
    }
    this.#prefillCount = kept;
  }

  #startDecoding(slot: number, computed: number): void {
    const size = this.#blockSize;
    const residue = (this.#phase + size - computed % size) % size;
    this.#residue[slot] = residue;
    this.#crossing[residue]++;
    this.#origin[slot] = computed - this.#clock;
    this.#decoding++;
    this.#context += computed + 1;
  }

  #stopDecoding(slot: number): void {
    const computed = this.#computed[slot] = this.#origin[slot] + this.#clock;
    this.#crossing[this.#residue[slot]]--;
    this.#decoding--;
    this.#context -= computed + 1;
  }

  #stopOverrunning(slot: number): void {
    this.#overrunning--;
    this.#stopDecoding(slot);
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
      this.#state[slot] = ENDED;
      this.#stopDecoding(slot);
    }
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
      if (this.#state[slot] === OVERRUNNING) this.#stopOverrunning(slot);
      this.freeBlocks += this.#blocksFor(this.#computed[slot]);
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

  /** Output tokens that the server will make for `request`. */
  #length(request: number): number {
    return Math.min(this.#output[request], this.#maxModelLen - this.#prompt[request]);
  }

  #blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.#blockSize);
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

  /** Takes `slot` out of the running list; its links stay, so that a walk can go on from it. */
  #leave(slot: number): void {
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
