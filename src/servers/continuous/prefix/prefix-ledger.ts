import { blocksFor } from "../blocks-for.ts";
import { DecodingCohort } from "../decoding-cohort.ts";
import type { LinkedSlots } from "../linked-slots.ts";
import type { SlotLedger, SlotSequence } from "../slot-ledger.ts";
import { type BlockIdentity, NOTHING_SHARED } from "./block-identity.ts";
import { BlockPool, FIRST_OWN_NAME } from "./block-pool.ts";
import { CrossingLists } from "./crossing-lists.ts";
import type { PrefixHit } from "./prefix-hit.ts";

const UNCOUNTED = -1;
/** No request has this own name: they begin below it. */
const NO_NAME = 0;

/** What a server says of its blocks, by vLLM's names. */
interface Config {
  readonly num_gpu_blocks: number;
  readonly block_size: number;
  readonly max_num_seqs: number;
  readonly max_model_len: number;
  readonly async_scheduling: boolean;
}

/**
 * {@link SlotLedger} of a server with a prefix cache. Between two look-ups nobody sees which block is
 * whose, so the cohort's blocks are given out many steps at a time: a block costs a little, a step next
 * to nothing. Equal to `CachingLedger` in what is found and when.
 */
export class PrefixLedger implements SlotLedger {
  readonly cohort: DecodingCohort;
  readonly heedsTurns = true;
  readonly #pool: BlockPool;
  readonly #identity: BlockIdentity;
  readonly #slots: LinkedSlots;
  readonly #tokensOf: (request: number) => number;
  readonly #crossing: CrossingLists;
  readonly #blockSize: number;
  /**
   * Whether the newest token of a decoding sequence is known only when the step after is planned: a
   * block that it fills is named then.
   */
  readonly #async: boolean;

  // From `slot * #stride` on: numbers of its blocks, and the names that others may find them by.
  readonly #stride: number;
  readonly #table: Int32Array;
  readonly #names: Int32Array;
  // By slot. Of those that decode they follow from its tokens, and are written down when it parts.
  /** Blocks that it has; leading ones that are full; leading ones of these with a number. */
  readonly #count: Int32Array;
  readonly #named: Int32Array;
  readonly #numbered: Int32Array;
  /** What {@link release} gives back. */
  readonly #givenBack = { numbered: 0, full: 0, blank: 0 };
  /** Leading blocks that others may share. */
  readonly #shared: Int32Array;
  /** Name of the first block after the shared ones, and so on downwards; {@link NO_NAME}: none has one. */
  readonly #ownName: Int32Array;
  /** Outside the cohort: tokens that it holds blocks for, and how many blocks these are. */
  readonly #target: Int32Array;
  readonly #held: Int32Array;
  readonly #decodes: Uint8Array;
  /** Whether it decodes and its full blocks have names: it is in the lists, and numbered as it goes. */
  readonly #listed: Uint8Array;
  #listedCount = 0;
  /** Whether its blocks of the planned step are given out; and whether everybody's are. */
  readonly #settled: Uint8Array;
  #allSettled = false;
  /** Whether it sat a step out: its newest token is known then. */
  readonly #late: Uint8Array;
  #lateCount = 0;

  /** Blocks that those outside the cohort take in the planned step; and those in it, once counted. */
  #pending = 0;
  #planned = 0;
  /** Blocks of the planned step that are given out already. */
  #ahead = 0;

  /** Names that requests gave their own blocks, by request. */
  readonly #ownNames = new Map<number, number>();
  #nextOwnName = FIRST_OWN_NAME;

  // The last look-up.
  #head = -1;
  #headNames: Int32Array = new Int32Array(64);
  #headShared = 0;
  readonly #hitBlocks: Int32Array;
  readonly #hit: PrefixHit = { blocks: 0, free: 0 };
  /** Names of a request that a policy asks about. */
  #peeked: Int32Array = new Int32Array(64);
  /** Whether it was made for the planned step. */
  #lookedUp = false;
  /** Whether the last of the blocks found is always the next of them to be taken. */
  #orderly = true;
  /** By block: how many of those that might yield hold it. */
  readonly #given: Int32Array;

  /** @param tokensOf tokens of a request's prompt and answer together, by request */
  constructor(
    config: Config,
    identity: BlockIdentity,
    { slots, tokensOf }: {
      readonly slots: LinkedSlots;
      readonly tokensOf: (request: number) => number;
    },
  ) {
    const { num_gpu_blocks, block_size, max_num_seqs, max_model_len } = config;
    this.cohort = new DecodingCohort(max_num_seqs, block_size, max_model_len);
    this.#pool = new BlockPool(num_gpu_blocks);
    this.#identity = identity;
    this.#slots = slots;
    this.#tokensOf = tokensOf;
    this.#crossing = new CrossingLists(block_size, slots);
    this.#blockSize = block_size;
    this.#async = config.async_scheduling;
    this.#stride = blocksFor(max_model_len, block_size) + 1;
    this.#table = new Int32Array(max_num_seqs * this.#stride);
    this.#names = new Int32Array(max_num_seqs * this.#stride);
    this.#count = new Int32Array(max_num_seqs);
    this.#named = new Int32Array(max_num_seqs);
    this.#numbered = new Int32Array(max_num_seqs);
    this.#shared = new Int32Array(max_num_seqs);
    this.#ownName = new Int32Array(max_num_seqs);
    this.#target = new Int32Array(max_num_seqs);
    this.#held = new Int32Array(max_num_seqs);
    this.#decodes = new Uint8Array(max_num_seqs);
    this.#listed = new Uint8Array(max_num_seqs);
    this.#settled = new Uint8Array(max_num_seqs);
    this.#late = new Uint8Array(max_num_seqs);
    this.#hitBlocks = new Int32Array(this.#stride);
    this.#given = new Int32Array(num_gpu_blocks);
  }

  get free(): number {
    if (this.#planned === UNCOUNTED) this.#planned = this.cohort.crossings(0);
    return this.#pool.free + this.#ahead - this.#pending - this.#planned;
  }

  get remembers(): boolean {
    return this.#identity !== NOTHING_SHARED || this.#ownNames.size > 0;
  }

  hasFree(blocks: number): boolean {
    return blocks <= this.free;
  }

  stepsThatFit(most: number): number {
    const { free, cohort } = this;
    return cohort.size * Math.ceil(most / this.#blockSize) <= free
      ? most
      : cohort.stepsThatFit(free, most);
  }

  blocksFor(tokens: number): number {
    return blocksFor(tokens, this.#blockSize);
  }

  held(slot: number): number {
    return this.#held[slot];
  }

  hold(slot: number, tokens: number): void {
    const blocks = this.blocksFor(tokens);
    this.#pending += blocks - this.#held[slot];
    this.#held[slot] = blocks;
    this.#target[slot] = tokens;
  }

  release(slot: number): void {
    const count = this.#count[slot], named = this.#named[slot], numbered = this.#numbered[slot];
    this.#pending -= this.#held[slot] - count;
    const back = this.#givenBack;
    back.numbered = numbered;
    back.full = named - numbered;
    back.blank = count - named;
    this.#pool.release(this.#table, slot * this.#stride, back);
    this.#count[slot] =
      this.#named[slot] =
      this.#numbered[slot] =
      this.#held[slot] =
        0;
  }

  join(slot: number, computed: number, left: number): void {
    this.cohort.start(slot, computed, left);
    this.#decodes[slot] = 1;
    if (this.#shared[slot] <= this.#named[slot] && this.#ownName[slot] === NO_NAME) return;
    this.#listed[slot] = 1;
    this.#listedCount++;
    this.#crossing.add(slot, this.cohort.phaseOf(slot));
  }

  part(slot: number): number {
    if (this.#listed[slot] !== 0) {
      this.#crossing.remove(slot, this.cohort.phaseOf(slot));
      this.#listed[slot] = 0;
      this.#listedCount--;
    }
    this.#count[slot] = this.#held[slot] = this.#blocksOf(slot);
    this.#nameUpTo(slot, this.#fullBlocksOf(slot));
    this.#decodes[slot] = 0;
    if (this.#late[slot] !== 0) this.#beInTime(slot);
    const computed = this.cohort.stop(slot);
    this.#target[slot] = computed;
    return computed;
  }

  /** Blocks of a decoding `slot`, those of the planned step among them once they are given out. */
  #blocksOf(slot: number): number {
    return this.blocksFor(this.cohort.computed(slot) + (this.#isSettled(slot) ? 1 : 0));
  }

  /** Its full blocks as far as their tokens are known. */
  #fullBlocksOf(slot: number): number {
    const known = this.cohort.computed(slot) - (this.#async ? 1 : 0);
    return this.#whole(known + (this.#isSettled(slot) ? 1 : 0));
  }

  #isSettled(slot: number): boolean {
    return this.#allSettled || this.#settled[slot] !== 0;
  }

  planAll(): void {
    this.#planned = UNCOUNTED;
    this.#allSettled = this.#lookedUp = false;
  }

  planNone(): void {
    this.#planned = 0;
  }

  // In a walked step each sequence gets its blocks when it is its turn: nothing is planned.
  plan(_slot: number): void {}

  unplan(slot: number): void {
    if (this.#planned > 0 && this.cohort.crosses(slot)) this.#planned--;
  }

  takeFree(): void {
    const { free } = this.#pool;
    this.#pool.take(free);
    this.#ahead += free;
  }

  settle(prefills: SlotSequence): void {
    const { items, size } = prefills;
    this.#planned = this.#pending = 0;
    for (let i = 0; i < size; i++) this.#takeUpTo(items[i], this.#held[items[i]]);
    this.#pool.take(this.cohort.crossings(0) - this.#ahead);
    this.#ahead = 0;
    if (this.#listedCount === 0) {
      for (let i = 0; i < size; i++) this.#nameUpTo(items[i], this.#whole(this.#target[items[i]]));
    } else this.#nameInOrder(prefills);
    if (this.#lateCount > 0) this.#nameLate();
    this.#allSettled = true;
  }

  settleOne(slot: number, tokens: number): void {
    if (this.#decodes[slot] === 0) {
      this.#pending -= this.#held[slot] - this.#count[slot];
      this.#takeUpTo(slot, this.#held[slot]);
      this.#nameUpTo(slot, this.#whole(tokens));
      return;
    }
    if (this.cohort.crosses(slot)) this.#pool.take(1);
    this.#settled[slot] = 1;
    const known = !this.#async || this.#late[slot] !== 0 ? tokens : tokens - 1;
    if (this.#late[slot] !== 0) this.#beInTime(slot);
    this.#nameDecoded(slot, this.#whole(known));
  }

  passOver(slot: number): void {
    this.#nameDecoded(slot, this.#whole(this.cohort.computed(slot)));
    if (!this.#async || this.#late[slot] !== 0) return;
    this.#late[slot] = 1;
    this.#lateCount++;
  }

  delay(slot: number): void {
    if (this.#listed[slot] !== 0) this.#crossing.remove(slot, this.cohort.phaseOf(slot));
    this.cohort.delay(slot);
    if (this.#listed[slot] !== 0) this.#crossing.add(slot, this.cohort.phaseOf(slot));
  }

  advance(n: number): void {
    if (n > 1) {
      this.#pool.take(this.cohort.crossingsOver(1, n - 1));
      if (this.#listedCount > 0) {
        for (let ahead = 1; ahead < n; ahead++) this.#nameInPhase(ahead);
      }
    }
    if (this.#allSettled) this.#allSettled = false;
    else this.#settled.fill(0);
    this.cohort.advance(n);
  }

  lookUp(request: number, tokens: number): Readonly<PrefixHit> {
    if (request !== this.#head) this.#read(request);
    const hit = this.#hit, pool = this.#pool;
    const most = Math.floor((tokens - 1) / this.#blockSize);
    const ownName = this.#ownNames.size > 0 ? this.#ownNames.get(request) ?? NO_NAME : NO_NAME;
    const shared = this.#headShared;
    let found = 0, free = 0, queuedIn = 2 ** 31 - 1;
    this.#orderly = true;
    for (; found < most; found++) {
      let block = 0;
      if (found < shared) block = pool.find(this.#headNames[found]);
      else if (ownName !== NO_NAME) block = pool.find(ownName - (found - shared));
      if (block === 0) break;
      this.#hitBlocks[found] = block;
      if (pool.holders(block) > 0) continue;
      free++;
      const queued = pool.queuedIn(block);
      if (queued > queuedIn) this.#orderly = false;
      queuedIn = queued;
    }
    hit.blocks = found;
    hit.free = free;
    this.#lookedUp = true;
    return hit;
  }

  peek(request: number, tokens: number): number {
    const most = Math.floor((tokens - 1) / this.#blockSize), pool = this.#pool;
    const shared = this.#identity.shared(request);
    if (shared > this.#peeked.length) this.#peeked = new Int32Array(2 * shared);
    if (shared > 0) this.#identity.copy(request, this.#peeked);
    const ownName = this.#ownNames.get(request) ?? NO_NAME;
    let found = 0;
    while (found < most && found < shared && pool.find(this.#peeked[found]) > 0) found++;
    if (found < shared || ownName === NO_NAME) return found;
    while (found < most && pool.find(ownName - (found - shared)) > 0) found++;
    return found;
  }

  hitWithout(slots: SlotSequence): Readonly<PrefixHit> {
    const hit = this.#hit, pool = this.#pool, given = this.#given;
    this.#countGiven(slots, 1);
    hit.free = 0;
    for (let i = 0; i < hit.blocks; i++) {
      const block = this.#hitBlocks[i];
      if (pool.holders(block) === given[block]) hit.free++;
    }
    this.#countGiven(slots, -1);
    return hit;
  }

  freeWithout(slots: SlotSequence): number {
    const freed = this.#countGiven(slots, 1);
    this.#countGiven(slots, -1);
    return this.free + freed;
  }

  admit(slot: number, tokens: number): void {
    const first = slot * this.#stride, { blocks } = this.#hit;
    for (let i = 0; i < blocks; i++) {
      const block = this.#hitBlocks[i];
      this.#pool.share(block);
      this.#table[first + i] = block;
    }
    this.#count[slot] = this.#named[slot] = this.#numbered[slot] = blocks;
    this.#shared[slot] = this.#headShared;
    this.#ownName[slot] = this.#ownNames.get(this.#head) ?? NO_NAME;
    if (this.#headShared > 0) {
      this.#names.set(this.#headNames.subarray(0, this.#headShared), first);
    }
    this.#held[slot] = this.blocksFor(tokens);
    this.#target[slot] = tokens;
    this.#takeUpTo(slot, this.#held[slot]);
    this.#nameUpTo(slot, this.#whole(tokens));
    this.#lookedUp = false;
  }

  expectBack(slot: number): void {
    const shared = this.#shared[slot], named = this.#named[slot];
    if (named <= shared || this.#ownName[slot] !== NO_NAME) return;
    const request = this.#slots.request[slot];
    const ownName = this.#nextOwnName, first = slot * this.#stride;
    this.#nextOwnName -= this.blocksFor(this.#tokensOf(request)) - shared;
    this.#ownNames.set(request, ownName);
    for (let i = shared; i < named; i++) {
      this.#table[first + i] = this.#pool.call(ownName - (i - shared));
    }
    this.#numbered[slot] = named;
  }

  complete(slot: number, tokens: number): void {
    this.#nameUpTo(slot, this.#whole(tokens));
  }

  stepsWithoutNews(most: number): number {
    if (!this.#lookedUp) return most;
    if (!this.#orderly) return 1;
    const wanted = this.#hit.blocks;
    if (!this.#identity.sharesAnswers || wanted >= this.#headShared) return most;
    const name = this.#headNames[wanted], { next, head } = this.#slots;
    for (let slot = head; slot >= 0; slot = next[slot]) {
      if (this.#decodes[slot] === 0 || this.#shared[slot] <= wanted) continue;
      if (this.#named[slot] > wanted || this.#names[slot * this.#stride + wanted] !== name) {
        continue;
      }
      const ahead = (wanted + 1) * this.#blockSize - this.cohort.computed(slot);
      most = Math.min(most, Math.max(1, this.#async ? ahead : ahead - 1));
    }
    return most;
  }

  finds(number: number): boolean {
    return this.#pool.find(number) > 0;
  }

  reset(): boolean {
    return this.#pool.reset();
  }

  #whole(tokens: number): number {
    return (tokens / this.#blockSize) | 0;
  }

  #read(request: number): void {
    this.#head = request;
    this.#headShared = this.#identity.shared(request);
    if (this.#headShared === 0) return;
    if (this.#headShared > this.#headNames.length) {
      this.#headNames = new Int32Array(2 * this.#headShared);
    }
    this.#identity.copy(request, this.#headNames);
  }

  #takeUpTo(slot: number, blocks: number): void {
    const more = blocks - this.#count[slot];
    if (more <= 0) return;
    this.#pool.take(more);
    this.#count[slot] = blocks;
  }

  /** Lets the first `blocks` of `slot` be found. */
  #nameUpTo(slot: number, blocks: number): void {
    if (blocks <= this.#named[slot]) return;
    this.#named[slot] = blocks;
    const shared = this.#shared[slot], own = this.#ownName[slot];
    const last = own === NO_NAME && shared < blocks ? shared : blocks;
    const first = slot * this.#stride;
    for (let i = this.#numbered[slot]; i < last; i++) {
      const name = i < shared ? this.#names[first + i] : own - (i - shared);
      this.#table[first + i] = this.#pool.call(name);
    }
    if (last > this.#numbered[slot]) this.#numbered[slot] = last;
  }

  /** The same for a decoding `slot`: what nobody looks for is counted when it parts. */
  #nameDecoded(slot: number, blocks: number): void {
    if (this.#listed[slot] !== 0) this.#nameUpTo(slot, blocks);
    else if (blocks > this.#named[slot]) this.#named[slot] = blocks;
  }

  /** Names what those in the lists fill in the step `ahead` of the planned one. */
  #nameInPhase(ahead: number): void {
    const { items, size } = this.#naming(ahead);
    for (let i = 0; i < size; i++) this.#nameLastFull(items[i], ahead);
  }

  /** Those in the lists whose newest known token fills a block in that step. */
  #naming(ahead: number): SlotSequence {
    return this.#crossing.at(this.cohort.phase + (this.#async ? ahead : ahead + 1));
  }

  #nameLastFull(slot: number, ahead: number): void {
    const known = this.cohort.computed(slot) + ahead + (this.#async ? 0 : 1);
    this.#nameUpTo(slot, this.#whole(known));
  }

  /** Names what the planned step fills, in the order of the running list: it decides who is found. */
  #nameInOrder(prefills: SlotSequence): void {
    const { items, size } = this.#naming(0);
    let decoding = 0;
    for (let i = 0; i < prefills.size; i++) {
      const slot = prefills.items[i];
      while (decoding < size && this.#slots.isBefore(items[decoding], slot)) {
        this.#nameLastFull(items[decoding++], 0);
      }
      this.#nameUpTo(slot, this.#whole(this.#target[slot]));
    }
    while (decoding < size) this.#nameLastFull(items[decoding++], 0);
  }

  /** Names what those fill whose newest token is known, because they sat a step out. */
  #nameLate(): void {
    const { next, head } = this.#slots;
    for (let slot = head; slot >= 0; slot = next[slot]) {
      if (this.#late[slot] === 0) continue;
      this.#beInTime(slot);
      this.#nameDecoded(slot, this.#whole(this.cohort.computed(slot) + 1));
    }
  }

  #beInTime(slot: number): void {
    this.#late[slot] = 0;
    this.#lateCount--;
  }

  /**
   * Counts `slots` as holders that might yield, or no longer with -1.
   * @returns blocks that nobody else holds
   */
  #countGiven({ items, size }: SlotSequence, sign: 1 | -1): number {
    let freed = 0;
    for (let place = 0; place < size; place++) {
      const slot = items[place], first = slot * this.#stride;
      const count = this.#decodes[slot] === 0 ? this.#count[slot] : this.#blocksOf(slot);
      freed += count - this.#numbered[slot];
      for (let i = first + this.#numbered[slot] - 1; i >= first; i--) {
        const block = this.#table[i];
        this.#given[block] += sign;
        if (this.#given[block] === this.#pool.holders(block)) freed++;
      }
    }
    return freed;
  }
}
