import { widened } from "../../../collections/widened.ts";
import type { LinkedSlots } from "../linked-slots.ts";
import type { SlotSequence } from "../slot-ledger.ts";

/** Slots of one phase, in the order of the running list. */
class PhaseList implements SlotSequence {
  size = 0;
  items: Int32Array = new Int32Array(8);
}

/**
 * Decoding slots by the phase of the cohort's clock in which they need their next block: in the order
 * of the running list, in which vLLM gives blocks out.
 */
export class CrossingLists {
  readonly #lists: readonly PhaseList[];
  readonly #slots: LinkedSlots;

  constructor(phases: number, slots: LinkedSlots) {
    this.#lists = Array.from({ length: phases }, () => new PhaseList());
    this.#slots = slots;
  }

  /** Those of `phase`, counted on from 0 as long as one likes. */
  at(phase: number): SlotSequence {
    return this.#lists[phase % this.#lists.length];
  }

  add(slot: number, phase: number): void {
    const list = this.#lists[phase];
    if (list.size === list.items.length) {
      list.items = widened(list.items, 2 * list.size);
    }
    // Mostly the newest.
    let place = list.size++;
    for (; place > 0 && this.#slots.isBefore(slot, list.items[place - 1]); place--) {
      list.items[place] = list.items[place - 1];
    }
    list.items[place] = slot;
  }

  remove(slot: number, phase: number): void {
    const list = this.#lists[phase];
    const place = list.items.indexOf(slot);
    list.items.copyWithin(place, place + 1, list.size--);
  }
}
