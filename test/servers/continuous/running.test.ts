import fc from "fast-check";
import { expect, test } from "vitest";
import { LinkedSlots } from "../../../src/servers/continuous/linked-slots.ts";
import { RequestList } from "../../../src/servers/continuous/request-list.ts";
import { RunningList } from "../../../src/servers/continuous/running-list.ts";

const SEATS = 6;

/** What happens: someone enters, or the one at a share of the list leaves. */
const happenings = fc.array(fc.option(fc.double({ min: 0, max: 0.999, noNaN: true })), {
  maxLength: 80,
});

const listOf = ({ items, size }: { items: Int32Array; size: number }) => [...items.slice(0, size)];

test("list and linked slots hold the same sequences in the same order as an array", () => {
  fc.assert(fc.property(happenings, fc.nat(40), (list, asksFrom) => {
    const running = new RunningList(SEATS), slots = new LinkedSlots(SEATS);
    const copy = new RequestList(SEATS);
    const model: number[] = [];
    const taken = new Map<number, number>();
    let next = 0;
    list.forEach((share, i) => {
      if (share === null && model.length < SEATS) {
        const slot = slots.enter(next);
        expect([...taken.values()]).not.toContain(slot);
        taken.set(next, slot);
        running.push(next);
        model.push(next);
        next += 3;
      } else if (share !== null && model.length > 0) {
        const place = Math.floor(share * model.length);
        const [request] = model.splice(place, 1);
        expect(running.placeOf(request)).toBe(place);
        expect(slots.at(place)).toBe(taken.get(request));
        running.removeAt(place);
        slots.leave(taken.get(request)!);
        taken.delete(request);
      }
      slots.copyTo(copy);
      expect(listOf(copy)).toEqual(model);
      expect(listOf(running)).toEqual(model);
      expect([slots.size, running.size]).toEqual([model.length, model.length]);
      expect(slots.tail).toBe(model.length === 0 ? -1 : taken.get(model.at(-1)!));
      // The index is made when somebody asks first.
      if (i < asksFrom) return;
      for (let request = 0; request <= next; request++) {
        expect(slots.slotOf(request)).toBe(taken.get(request) ?? -1);
      }
      model.forEach((request, place) => {
        if (place === 0) return;
        const [before, after] = [taken.get(model[place - 1])!, taken.get(request)!];
        expect([slots.isBefore(before, after), slots.isBefore(after, before)])
          .toEqual([true, false]);
      });
    });
  }));
});

test("a walk can go on from a slot that has left", () => {
  const slots = new LinkedSlots(3);
  const [, second, third] = [10, 11, 12].map((request) => slots.enter(request));
  slots.leave(second);
  expect(slots.next[second]).toBe(third);
});

test("ended sequences leave together, the others keep their order", () => {
  const running = new RunningList(4);
  for (const request of [3, 1, 2, 0]) running.push(request);
  running.removeEnded(Uint8Array.of(0, 1, 0, 1));
  expect(listOf(running)).toEqual([2, 0]);
  expect(running.placeOf(1)).toBe(-1);
});
