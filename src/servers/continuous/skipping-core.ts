import { widened } from "../../collections/widened.ts";
import { assertReadsCache, stableStepsOf, victimOf } from "../policies/checked-answer.ts";
import { createServerPolicy } from "../policies/choice.ts";
import type { RequestSequence, ServerPolicy } from "../policies/server-policy.ts";
import type { WaitingQueue } from "../policies/waiting-queue.ts";
import { AdmissionRule } from "./admission-rule.ts";
import { BatchRing } from "./batch-ring.ts";
import { CohortLedger } from "./cohort-ledger.ts";
import type { ServerConfig } from "./config.ts";
import type { DecisionCore } from "./decision-core.ts";
import type { DecodingCohort } from "./decoding-cohort.ts";
import { Delivery } from "./delivery.ts";
import { Displacement } from "./displacement.ts";
import { LinkedSlots } from "./linked-slots.ts";
import { PlannedStep } from "./planned-step.ts";
import { identityOf } from "./prefix/identity-of.ts";
import type { PrefixHit } from "./prefix/prefix-hit.ts";
import { PrefixLedger } from "./prefix/prefix-ledger.ts";
import { RequestList } from "./request-list.ts";
import { SchedulerView } from "./scheduler-view.ts";
import type { ServerRequests } from "./server-requests.ts";
import type { SlotLedger } from "./slot-ledger.ts";

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
 * taken any number of times at once. While someone waits, the policy says for how many steps its
 * order stands.
 *
 * Why every running sequence is scheduled in every step (so that one clock is enough): vLLM admits
 * a request only while budget is left after everyone before it got what it wanted, and what a
 * sequence wants never grows afterwards, except for the last one in the list. The exceptions are
 * walked one sequence at a time (`#walk`): steps that preempt another than the last for lack of
 * blocks, and steps after somebody has yielded, in which the budget can fall short in the middle of
 * the list.
 */
export class SkippingCore implements DecisionCore {
  readonly step: PlannedStep;
  readonly view: SchedulerView;
  unfinished = 0;

  readonly #budget: number;
  readonly #maxModelLen: number;
  readonly #async: boolean;
  readonly #runAhead: boolean;
  readonly #listsTokens: boolean;

  readonly #admission: AdmissionRule;
  readonly #policy: ServerPolicy;
  /** Whether running sequences may have to yield to waiting ones. */
  readonly #displaces: boolean;
  readonly #displacement: Displacement;
  readonly #waiting: WaitingQueue;

  // By request.
  #prompt: Int32Array;
  #output: Int32Array;
  /** Output tokens made when the request last left its slot; untouched memory until one did. */
  #made: Int32Array;
  #resumes = false;

  readonly #slots: LinkedSlots;
  // By slot.
  readonly #state: Uint8Array;
  /** Tokens computed, of those outside the cohort. */
  readonly #computed: Int32Array;
  /** Tokens at admission: where its prefill ends. */
  readonly #prefillEnd: Int32Array;
  /** Tokens in the step being planned: of those that prefill, and in a walked step of everyone. */
  readonly #scheduled: Int32Array;

  /** Slots that prefill, in list order. */
  readonly #prefills: RequestList;
  /** Slots that might yield. */
  readonly #yielding: RequestList;

  readonly #ledger: SlotLedger;
  readonly #cohort: DecodingCohort;
  /** Sequences whose last token is in flight, preempted ones among them. */
  #ending = 0;
  /** Sequences that are scheduled once more than they should be. */
  #overrunning = 0;
  /** Whether the planned step was walked, and ended before everyone had a turn. */
  #walked = false;
  #passedOver = false;

  readonly #batches: BatchRing<Batch>;
  #delivered: Batch;

  constructor(
    config: ServerConfig,
    requests: ServerRequests,
    { runAhead = false, tokens = false }: SkippingOptions = {},
  ) {
    const { max_num_seqs: slots, max_model_len, block_size, num_gpu_blocks } = config;
    this.#budget = config.max_num_batched_tokens;
    this.#maxModelLen = max_model_len;
    this.#async = config.async_scheduling;
    this.#runAhead = runAhead;
    this.#listsTokens = tokens;
    this.#prompt = requests.promptTokens;
    this.#output = requests.outputTokens;
    this.#made = new Int32Array(requests.promptTokens.length);
    this.#admission = new AdmissionRule(config);
    this.#slots = new LinkedSlots(slots);
    this.#state = new Uint8Array(slots);
    this.#computed = new Int32Array(slots);
    this.#prefillEnd = new Int32Array(slots);
    this.#scheduled = new Int32Array(slots);
    this.#prefills = new RequestList(slots);
    this.#yielding = new RequestList(slots);
    this.#ledger = config.enable_prefix_caching
      ? new PrefixLedger(config, identityOf(requests, config), {
        slots: this.#slots,
        tokensOf: (request) => this.#prompt[request] + this.#length(request),
      })
      : new CohortLedger(num_gpu_blocks, block_size, slots, max_model_len);
    this.#cohort = this.#ledger.cohort;
    this.#batches = new BatchRing(() => new Batch(slots));
    this.#delivered = this.#batches.at(1);
    this.step = new PlannedStep(slots);
    const running = new RequestList(slots);
    this.view = new SchedulerView(requests, slots, {
      attained: (request) => this.#attained(request),
      running: () => {
        this.#slots.copyTo(running);
        return running;
      },
      cachedTokens: (request) => {
        assertReadsCache(this.#policy);
        const tokens = this.#prompt[request] + this.#madeBefore(request);
        return config.block_size * this.#ledger.peek(request, tokens);
      },
    });
    this.#policy = createServerPolicy(config.scheduling_policy, this.view);
    this.#displaces = this.#policy.evicts !== undefined;
    this.#displacement = new Displacement(this.#policy, this.view, {
      rule: this.#admission,
      holdings: {
        freeWithout: (requests) =>
          this.#ledger.freeWithout(this.#slotsOf(requests), (slot) => this.#scheduledOf(slot)),
        hitWithout: (requests) => this.#ledger.hitWithout(this.#slotsOf(requests)),
        scheduledOf: (request) => this.#scheduledOf(this.#slots.slotOf(request)),
      },
    });
    this.#waiting = this.#policy.queue(this.view);
  }

  get running(): number {
    return this.#slots.size;
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

  get delivery(): Delivery {
    return this.#delivered;
  }

  add(request: number): void {
    this.unfinished++;
    this.view.waitingSince[request] = this.view.now;
    this.#waiting.add(request);
  }

  abort(request: number): void {
    this.unfinished--;
    this.#dropFromFlight(request);
    const slot = this.#slots.slotOf(request);
    if (slot >= 0) {
      if (this.#state[slot] === PREFILLING) this.#prefills.remove(slot);
      else if (this.#state[slot] !== ENDED) this.#stopDecoding(slot);
      this.#leave(slot);
    } else this.#waiting.remove(request);
  }

  /** Drops what the batches in flight will bring `request`. Returns its tokens, if they are listed. */
  #dropFromFlight(request: number): number {
    let dropped = 0;
    for (let i = 0; i < this.#batches.size; i++) {
      const { first, tokens, finished, slots } = this.#batches.at(i);
      first.remove(request);
      if (tokens.remove(request) >= 0) dropped++;
      const place = finished.remove(request);
      if (place < 0) continue;
      slots.copyWithin(place, place + 1);
      this.#ending--;
    }
    return dropped;
  }

  grow(requests: ServerRequests): void {
    this.#prompt = requests.promptTokens;
    this.#output = requests.outputTokens;
    this.#made = widened(this.#made, requests.promptTokens.length);
    this.view.grow(requests);
  }

  schedule(): void {
    const { step } = this, cohort = this.#cohort, ledger = this.#ledger;
    step.clear();
    this.#walked = this.#passedOver = false;
    let budget = this.#budget - cohort.size;
    let cutShort = -1;
    const prefills = this.#prefills;
    for (let i = 0; i < prefills.size; i++) {
      const slot = prefills.items[i];
      const whole = this.#chunk(slot, this.#budget);
      const want = whole < budget ? whole : budget;
      if (want < whole && cutShort < 0) cutShort = slot;
      this.#scheduled[slot] = want;
      ledger.hold(slot, this.#computed[slot] + want);
      budget -= want;
    }
    ledger.planAll();
    // Who comes before whom decides only where somebody before the last gets less than it wants.
    const inOrder = cohort.size > this.#budget || (cutShort >= 0 && cutShort !== this.#slots.tail);
    if (inOrder) budget = this.#walk();
    else if (!ledger.hasFree(0)) {
      const inTurns = ledger.heedsTurns && prefills.size > 0;
      if (this.#policy.victimIsLast === true && !inTurns) this.#preemptTail();
      else budget = this.#walk();
    }
    if (!this.#walked) ledger.settle(prefills);
    if (step.preempted.size === 0 && this.#waiting.size > 0) this.#admitWaiting(budget);
    step.decoding = cohort.size;
    step.context = cohort.context;
    if (this.#passedOver) this.#discountPassedOver();
    step.sampled = step.decoding;
    if (prefills.size > 0) this.#countPrefills();
    else if (cohort.size > 0 && this.#mayRepeat()) this.#countRepeats();
    step.sequences = step.decoding + step.prefilling;
  }

  /** Phase B of {@link StepwiseCore}. */
  #admitWaiting(budget: number): void {
    const slots = this.#slots, ledger = this.#ledger, admission = this.#admission;
    while (this.#waiting.size > 0 && (budget > 0 || this.#displaces)) {
      const request = this.#waiting.head;
      // Who yielded in this step stays out of it.
      if (this.step.preempted.size > 0 && this.step.preempted.has(request)) break;
      const tokens = this.#prompt[request] + this.#madeBefore(request);
      if (slots.size >= admission.maxSequences && !this.#displaces) break;
      let hit = ledger.lookUp(request, tokens);
      if (!this.#fits(tokens, hit, budget)) {
        if (!this.#displaces || !this.#findsRoom(request, tokens, budget)) break;
        budget += this.#displace();
        hit = ledger.lookUp(request, tokens);
      }
      const uncached = admission.uncached(tokens, hit);
      const want = admission.firstChunk(uncached, budget);
      this.#waiting.pop();
      const slot = slots.enter(request);
      const cached = tokens - uncached;
      this.#state[slot] = PREFILLING;
      this.#prefills.push(slot);
      this.#prefillEnd[slot] = tokens;
      this.#computed[slot] = cached;
      this.#scheduled[slot] = want;
      ledger.admit(slot, cached + want);
      this.step.admit(request, cached);
      budget -= want;
    }
  }

  /** {@link AdmissionRule.fits}, with no more counting of blocks than it takes. */
  #fits(tokens: number, hit: Readonly<PrefixHit>, budget: number): boolean {
    const admission = this.#admission, running = this.#slots.size;
    if (running >= admission.maxSequences || budget <= 0) return false;
    const chunk = admission.firstChunk(admission.uncached(tokens, hit), budget);
    return chunk > 0 && this.#ledger.hasFree(admission.blocks(tokens, chunk, running, hit));
  }

  #slotsOf({ items, size }: RequestSequence): RequestList {
    const slots = this.#yielding;
    slots.size = 0;
    for (let i = 0; i < size; i++) slots.push(this.#slots.slotOf(items[i]));
    return slots;
  }

  /** Whether the policy lets others yield to `head`, enough for it to fit. */
  #findsRoom(head: number, tokens: number, budget: number): boolean {
    return this.#displacement.choose(head, tokens, budget, this.step.admitted.size);
  }

  /** Preempts those who yield. Returns the tokens of the budget that they had. */
  #displace(): number {
    const { items, size } = this.#displacement.chosen;
    let returned = 0;
    for (let i = 0; i < size; i++) {
      const slot = this.#slots.slotOf(items[i]);
      returned += this.#scheduledOf(slot);
      this.#preempt(slot);
    }
    return returned;
  }

  #inCohort(slot: number): boolean {
    const state = this.#state[slot];
    return state === DECODING || state === OVERRUNNING;
  }

  /** Tokens of `slot` in the planned step. */
  #scheduledOf(slot: number): number {
    if (this.#state[slot] === ENDED) return 0;
    return this.#state[slot] === PREFILLING || this.#walked ? this.#scheduled[slot] : 1;
  }

  /**
   * Preempts those admitted last until everyone left has the blocks of the step. Victims are taken
   * before they had their turn, and only while someone before them lacks a block: so it does not
   * matter at whose turn they go, once those who take a block each have taken what was free before.
   */
  #preemptTail(): void {
    while (!this.#ledger.hasFree(0)) {
      this.#ledger.takeFree();
      this.#preempt(this.#slots.tail);
    }
  }

  /**
   * Phase A of {@link StepwiseCore}, one sequence at a time: it depends on whose turn it is who is
   * preempted, and who is passed over. Returns what it left of the budget.
   */
  #walk(): number {
    const { next } = this.#slots, ledger = this.#ledger;
    this.#walked = true;
    for (let slot = this.#slots.head; slot >= 0; slot = next[slot]) this.#scheduled[slot] = 0;
    const prefills = this.#prefills;
    for (let i = 0; i < prefills.size; i++) {
      ledger.hold(prefills.items[i], this.#computed[prefills.items[i]]);
    }
    ledger.planNone();
    let free = ledger.free;
    let budget = this.#budget;
    let slot = this.#slots.head;
    for (; slot >= 0 && budget > 0; slot = next[slot]) {
      const state = this.#state[slot];
      if (state === ENDED) continue;
      const isPrefill = state === PREFILLING;
      const want = isPrefill ? this.#chunk(slot, budget) : 1;
      if (want === 0) continue;
      const needed = isPrefill
        ? ledger.blocksFor(this.#computed[slot] + want) - ledger.held(slot)
        : this.#cohort.crosses(slot)
        ? 1
        : 0;
      while (needed > free) {
        const victim = this.#policy.victimIsLast === true
          ? this.#slots.tail
          : this.#slots.at(victimOf(this.#policy, this.view.running(), this.view));
        budget += this.#scheduled[victim];
        this.#preempt(victim);
        if (victim === slot) {
          this.#passedOver = next[slot] >= 0;
          return budget;
        }
        free = ledger.free;
      }
      const computed = isPrefill ? this.#computed[slot] : this.#cohort.computed(slot);
      if (isPrefill) ledger.hold(slot, computed + want);
      else ledger.plan(slot);
      ledger.settleOne(slot, computed + want);
      this.#scheduled[slot] = want;
      free -= needed;
      budget -= want;
    }
    this.#passedOver = slot >= 0;
    return budget;
  }

  /** Tokens of its prefill that `slot` wants of `budget`. */
  #chunk(slot: number, budget: number): number {
    return Math.min(
      this.#prefillEnd[slot] - this.#computed[slot],
      this.#admission.threshold,
      budget,
    );
  }

  #preempt(slot: number): void {
    const planned = this.#inCohort(slot) && this.#scheduledOf(slot) > 0;
    if (planned) this.#ledger.unplan(slot);
    this.#putBack(slot);
  }

  /** Sends `slot` back into the queue; it is in no planned step. */
  #putBack(slot: number): void {
    const request = this.#slots.request[slot];
    const state = this.#state[slot];
    this.step.preempted.push(request);
    if (state === PREFILLING) this.#prefills.remove(slot);
    else {
      this.#resumes = true;
      this.#made[request] = this.#madeBy(slot);
      if (state !== ENDED) this.#stopDecoding(slot);
    }
    this.#ledger.expectBack(slot);
    this.#leave(slot);
    this.view.waitingSince[request] = this.view.now;
    this.#waiting.putBack(request);
  }

  #discountPassedOver(): void {
    const { step } = this, { head, next } = this.#slots;
    for (let slot = head; slot >= 0; slot = next[slot]) {
      if (!this.#sitsOut(slot)) continue;
      step.decoding--;
      step.context -= this.#cohort.computed(slot) + 1;
    }
  }

  /** Whether `slot` decodes and had no turn in a walked step. */
  #sitsOut(slot: number): boolean {
    return this.#inCohort(slot) && this.#scheduled[slot] === 0;
  }

  #countPrefills(): void {
    const { step } = this, { items, size } = this.#prefills;
    for (let i = 0; i < size; i++) {
      const slot = items[i];
      const want = this.#scheduled[slot];
      if (want === 0) continue;
      step.prefilling++;
      step.prefillTokens += want;
      step.prefillPairs += want * this.#computed[slot] + want * (want + 1) / 2;
      if (want > step.longestChunk) step.longestChunk = want;
      if (this.#computed[slot] + want === this.#prefillEnd[slot]) step.sampled++;
    }
  }

  /** Whether the next step is the same, but for what happens to those who run. */
  #mayRepeat(): boolean {
    // After a preemption for lack of blocks nobody was let in, in the step after it somebody may be.
    if (this.#walked || this.step.preempted.size > 0) return false;
    return this.#ending === 0 ||
      (this.#runAhead && this.#overrunning === 0 && this.#waiting.size === 0 &&
        !this.#ledger.remembers);
  }

  /** How often the planned step, which only decodes, can be taken before something changes. */
  #countRepeats(): void {
    const { step } = this, waiting = this.#waiting;
    const repeats = this.#ledger.stepsThatFit(this.#cohort.stepsToEnd());
    step.repeats = waiting.size > 0 && repeats > 1
      ? stableStepsOf(this.#policy, this.view, this.#ledger.stepsWithoutNews(repeats))
      : repeats;
    // With seats full and nobody who yields, or with a head that lacks blocks and that nobody can
    // overtake, an arrival only queues up.
    step.heedsArrivals = this.#ending > 0 || this.#displaces || this.#policy.readsCache === true ||
      (this.#slots.size < this.#admission.maxSequences &&
        (waiting.size === 0 || waiting.keepsHead !== true));
  }

  blocksTakenBy(i: number): number {
    return this.#cohort.crossings(i);
  }

  take(n: number): void {
    const batch = this.#batches.push();
    batch.clear();
    this.view.steps += n;
    const advances = this.step.sequences > 0;
    if (this.#passedOver) {
      const { head, next } = this.#slots;
      for (let slot = head; slot >= 0; slot = next[slot]) {
        if (!this.#sitsOut(slot)) continue;
        this.#ledger.passOver(slot);
        if (advances) this.#ledger.delay(slot);
      }
    }
    if (!advances) return;
    if (this.#listsTokens) this.#listTokens(batch);
    const cohort = this.#cohort;
    this.#ledger.advance(n);
    for (let slot = cohort.nextEnded(); slot >= 0; slot = cohort.nextEnded()) {
      this.#end(slot, batch);
    }
    if (this.#prefills.size > 0) this.#advancePrefills(batch);
    if (batch.finished.size > 1) this.#sortByAdmission(batch);
  }

  /** Writes down who gets a token by the planned step. */
  #listTokens({ tokens }: Batch): void {
    const { head, next, request } = this.#slots;
    for (let slot = head; slot >= 0; slot = next[slot]) {
      const state = this.#state[slot];
      const yields = state === PREFILLING
        ? this.#computed[slot] + this.#scheduled[slot] === this.#prefillEnd[slot]
        : state === DECODING && !(this.#walked && this.#scheduled[slot] === 0);
      if (yields) tokens.push(request[slot]);
    }
  }

  #advancePrefills(batch: Batch): void {
    let kept = 0;
    const { items, size } = this.#prefills;
    for (let i = 0; i < size; i++) {
      const slot = items[i];
      const computed = this.#computed[slot] += this.#scheduled[slot];
      if (computed < this.#prefillEnd[slot]) {
        items[kept++] = slot;
        continue;
      }
      const request = this.#slots.request[slot];
      const made = this.#madeBefore(request) + 1;
      if (made === 1) batch.first.push(request);
      const left = this.#length(request) - made;
      this.#state[slot] = DECODING;
      this.#ledger.join(slot, computed, left);
      if (left === 0) this.#end(slot, batch);
    }
    this.#prefills.size = kept;
  }

  /** The step just taken brings the last token of `slot`. */
  #end(slot: number, batch: Batch): void {
    const request = this.#slots.request[slot];
    batch.slots[batch.finished.size] = slot;
    batch.finished.push(request);
    this.#ending++;
    const cap = Math.min(this.view.maxTokens[request], this.#maxModelLen - this.#prompt[request]);
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
    this.#computed[slot] = this.#ledger.part(slot);
  }

  deliver(): void {
    const batch = this.#batches.shift();
    this.#delivered = batch;
    const { items, size } = batch.finished;
    for (let i = 0; i < size; i++) {
      const slot = batch.slots[i];
      if (this.#state[slot] === FREE || this.#slots.request[slot] !== items[i]) {
        // Preempted since its last token was scheduled: it stands in the queue.
        this.#waiting.remove(items[i]);
        continue;
      }
      if (this.#state[slot] === OVERRUNNING) this.#stopDecoding(slot);
      // All but the last token, which nobody computes.
      const computed = this.#prompt[items[i]] + this.#length(items[i]) - 1;
      if (this.#async) this.#ledger.complete(slot, computed);
      this.#leave(slot);
    }
    this.#ending -= size;
    this.unfinished -= size;
  }

  preemptAll(): void {
    this.step.clear();
    while (this.#slots.size > 0) {
      const slot = this.#slots.tail;
      const request = this.#slots.request[slot];
      const dropped = this.#dropFromFlight(request);
      this.#putBack(slot);
      this.#made[request] -= dropped;
    }
  }

  caches(block: number): boolean {
    return this.#ledger.finds(block);
  }

  resetPrefixCache(): boolean {
    return this.#ledger.reset();
  }

  copyScheduled(requests: Int32Array, tokens: Int32Array): number {
    const { head, next, request } = this.#slots;
    let size = 0;
    for (let slot = head; slot >= 0; slot = next[slot]) {
      const want = this.#scheduledOf(slot);
      if (want === 0) continue;
      requests[size] = request[slot];
      tokens[size++] = want;
    }
    return size;
  }

  #attained(request: number): number {
    const slot = this.#slots.slotOf(request);
    if (slot < 0 || this.#state[slot] === PREFILLING) return this.#made[request];
    return this.#madeBy(slot);
  }

  /** Output tokens made by `slot`, which has prefilled, those in flight included. */
  #madeBy(slot: number): number {
    const length = this.#length(this.#slots.request[slot]);
    return this.#inCohort(slot) ? length - this.#cohort.left(slot) : length;
  }

  #madeBefore(request: number): number {
    return this.#resumes ? this.#made[request] : 0;
  }

  /** Output tokens that the server will make for `request`. */
  #length(request: number): number {
    return Math.min(this.#output[request], this.#maxModelLen - this.#prompt[request]);
  }

  /** Takes `slot`, which is outside the cohort, out of the running list; gives its blocks back. */
  #leave(slot: number): void {
    this.#ledger.release(slot);
    this.#slots.leave(slot);
    this.#state[slot] = FREE;
  }

  /** Puts what a batch ends into the order of the running list; it is rarely more than a few. */
  #sortByAdmission({ finished: { items, size }, slots }: Batch): void {
    for (let i = 1; i < size; i++) {
      const request = items[i], slot = slots[i];
      let hole = i;
      for (; hole > 0 && this.#slots.isBefore(slot, slots[hole - 1]); hole--) {
        items[hole] = items[hole - 1];
        slots[hole] = slots[hole - 1];
      }
      items[hole] = request;
      slots[hole] = slot;
    }
  }
}
