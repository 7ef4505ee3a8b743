import { FinishCalendar } from "./finish-calendar.ts";

/**
 * The sequences that decode. All take one token a step, so one clock of steps stands for all of
 * them, and nobody is visited while it advances: who ends when is a calendar over the clock, and who
 * needs a KV block when is a count by phase of the clock, which is the clock modulo the block size.
 */
export class DecodingCohort {
  /** Sequences. */
  size = 0;
  /** Tokens that they attend to together in the next step, their new ones included. */
  context = 0;

  readonly #blockSize: number;
  readonly #calendar: FinishCalendar;
  /** Tokens computed less the clock, by slot: it stays while both grow. */
  readonly #origin: Int32Array;
  /** Clock after the step that brings the last token, by slot. */
  readonly #last: Int32Array;
  /** Phase in which it needs its next block, by slot. */
  readonly #phaseOf: Int32Array;
  /** How many need a block, by phase. */
  readonly #crossing: Int32Array;
  /** Steps so far, modulo 2³²: only differences count, and they are small. */
  #clock = 0;
  #phase = 0;

  /**
   * @param slots slots are 0 … slots - 1
   * @param blockSize tokens of KV in a block
   * @param longest tokens that a sequence may decode at most
   */
  constructor(slots: number, blockSize: number, longest: number) {
    this.#blockSize = blockSize;
    // One more than the longest: a sequence may be passed over in the step before it ends.
    this.#calendar = new FinishCalendar(slots, longest + 1);
    this.#origin = new Int32Array(slots);
    this.#last = new Int32Array(slots);
    this.#phaseOf = new Int32Array(slots);
    this.#crossing = new Int32Array(blockSize);
  }

  /** KV blocks that they hold: their tokens, each filled up to whole blocks. Costs O(block size). */
  get blocks(): number {
    const size = this.#blockSize;
    let filled = this.context - this.size;
    let phase = this.#phase;
    for (let gap = 0; gap < size; gap++) {
      filled += gap * this.#crossing[phase];
      if (++phase === size) phase = 0;
    }
    return (filled / size) | 0;
  }

  /** Tokens that blocks are held for at most, after `steps` more steps. Costs O(1). */
  tokensHeldAtMost(steps: number): number {
    return this.context + this.size * (steps + this.#blockSize - 2);
  }

  /** Sequences that need a block in the step `ahead` of the next, which is step 0. */
  crossings(ahead: number): number {
    return this.#crossing[(this.#phase + ahead) % this.#blockSize];
  }

  /** Blocks that they need in `steps` steps, from the one `ahead` of the next on. Costs O(block size). */
  crossingsOver(ahead: number, steps: number): number {
    const size = this.#blockSize;
    const rounds = (steps / size) | 0;
    let sum = rounds * this.size;
    for (let i = rounds * size; i < steps; i++) sum += this.crossings(ahead + i);
    return sum;
  }

  /** Where the clock stands, modulo the block size; and where `slot` needs its next block. */
  get phase(): number {
    return this.#phase;
  }
  phaseOf(slot: number): number {
    return this.#phaseOf[slot];
  }

  /** Whether `slot` needs a block in the next step. */
  crosses(slot: number): boolean {
    return this.#phaseOf[slot] === this.#phase;
  }

  computed(slot: number): number {
    return (this.#origin[slot] + this.#clock) | 0;
  }

  /** Steps to the last token of `slot`; 0 when it is there. */
  left(slot: number): number {
    return (this.#last[slot] - this.#clock) | 0;
  }

  /** Steps to the next last token. There must be one to come. */
  stepsToEnd(): number {
    return this.#calendar.stepsToNext(this.#clock);
  }

  /**
   * Of `most` steps, how many can be taken with `free` blocks; those of the first are taken already.
   */
  stepsThatFit(free: number, most: number): number {
    const size = this.#blockSize;
    // Each sequence takes one block in any `size` steps in a row.
    const rounds = Math.min(Math.floor((most - 1) / size), Math.floor(free / this.size));
    let left = free - rounds * this.size;
    let taken = 1 + rounds * size;
    for (let phase = this.#phase; taken < most; taken++) {
      if (++phase === size) phase = 0;
      left -= this.#crossing[phase];
      if (left < 0) break;
    }
    return taken;
  }

  /** Lets `slot` in, with `computed` tokens and `left` to come. */
  start(slot: number, computed: number, left: number): void {
    const size = this.#blockSize;
    let phase = this.#phase + (size - computed % size);
    while (phase >= size) phase -= size;
    this.#phaseOf[slot] = phase;
    this.#crossing[phase]++;
    this.#origin[slot] = computed - this.#clock;
    this.#last[slot] = this.#clock + left;
    if (left > 0) this.#calendar.add(slot, this.#last[slot]);
    this.size++;
    this.context += computed + 1;
  }

  /** Takes `slot` out; returns the tokens it has computed. */
  stop(slot: number): number {
    const computed = this.computed(slot);
    if (this.left(slot) > 0) this.#calendar.remove(slot, this.#last[slot]);
    this.#crossing[this.#phaseOf[slot]]--;
    this.size--;
    this.context -= computed + 1;
    return computed;
  }

  /** Lets `slot` sit the next step out. */
  delay(slot: number): void {
    if (this.left(slot) > 0) {
      this.#calendar.remove(slot, this.#last[slot]);
      this.#calendar.add(slot, ++this.#last[slot]);
    }
    this.#origin[slot]--;
    this.context--;
    const phase = this.#phaseOf[slot];
    this.#crossing[phase]--;
    this.#phaseOf[slot] = phase + 1 === this.#blockSize ? 0 : phase + 1;
    this.#crossing[this.#phaseOf[slot]]++;
  }

  /** Takes `steps` steps. */
  advance(steps: number): void {
    this.#clock = (this.#clock + steps) | 0;
    this.#phase = (this.#phase + steps) % this.#blockSize;
    this.context += steps * this.size;
  }

  /** A slot whose last token the last step brought, each once; -1 when there is none left. */
  nextEnded(): number {
    return this.#calendar.takeAt(this.#clock);
  }
}
