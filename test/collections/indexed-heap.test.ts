import fc from "fast-check";
import { expect, test } from "vitest";
import { IndexedHeap, RowIndex } from "../../src/collections/indexed-heap.ts";

interface Entry {
  readonly row: number;
  readonly key: number;
  readonly tie: number;
}

/** What a heap promises, as a list kept in order of entry: smallest key, then tie, then entry. */
class Model {
  readonly entries: Entry[] = [];

  first(): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.entries) {
      if (
        best === undefined || entry.key < best.key ||
        (entry.key === best.key && entry.tie < best.tie)
      ) best = entry;
    }
    return best;
  }

  drop(row: number): boolean {
    const at = this.entries.findIndex((entry) => entry.row === row);
    if (at >= 0) this.entries.splice(at, 1);
    return at >= 0;
  }
}

const key = fc.oneof(
  fc.constantFrom(-Infinity, -1, -0, 0, 1, 2, Infinity),
  fc.double({ noNaN: true, min: -3, max: 3 }),
);
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant("push"), heap: fc.nat(2), key, tie: key }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("pop"), heap: fc.nat(2) }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant("remove"), heap: fc.nat(2), row: fc.nat() }),
  },
);

test("heaps that share an index behave like three sorted lists, whatever is done to them", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 600, size: "max" }), (operations) => {
      const index = new RowIndex();
      const heaps = [0, 1, 2].map(() => new IndexedHeap(index));
      const models = [0, 1, 2].map(() => new Model());
      const free: number[] = [];
      const seen: unknown[] = [], promised: unknown[] = [];
      let rows = 0;
      for (const step of operations) {
        const heap = heaps[step.heap], model = models[step.heap];
        if ("key" in step) {
          // Rows come back after they have left, as a preempted request does; some lie far apart.
          const row = free.pop() ?? (rows++) * 7;
          heap.push(row, step.key, step.tie);
          model.entries.push({ row, key: step.key, tie: step.tie });
        } else if ("row" in step) {
          const row = rows === 0 ? 3 : (step.row % rows) * 7;
          const removed = model.drop(row);
          seen.push(heap.remove(row));
          promised.push(removed);
          if (removed) free.push(row);
        } else {
          const expected = model.first()?.row ?? -1;
          seen.push(heap.pop());
          promised.push(expected);
          if (model.drop(expected)) free.push(expected);
        }
        heaps.forEach((other, i) => {
          seen.push(other.size, other.head);
          promised.push(models[i].entries.length, models[i].first()?.row ?? -1);
        });
        seen.push(heap.headKey);
        promised.push(model.first()?.key ?? NaN);
      }
      heaps.forEach((heap, i) => {
        while (models[i].entries.length > 0) {
          const expected = models[i].first()!.row;
          models[i].drop(expected);
          seen.push(heap.pop());
          promised.push(expected);
        }
        seen.push(heap.pop());
        promised.push(-1);
      });
      expect(seen).toEqual(promised);
    }),
    { numRuns: 150 },
  );
});

test("an empty heap has no head, no key and nothing to pop or remove", () => {
  const heap = new IndexedHeap();
  expect([heap.size, heap.head, heap.pop(), heap.headKey]).toEqual([0, -1, -1, NaN]);
  expect(heap.remove(0)).toBe(false);
  expect(heap.remove(1e6)).toBe(false);
  expect(heap.remove(-1)).toBe(false);
});

test("equal keys leave in order of entry, through growth and removals in the middle", () => {
  const heap = new IndexedHeap();
  const n = 1000;
  for (let row = 0; row < n; row++) heap.push(n - row, 1);
  for (let row = 0; row < n; row += 3) expect(heap.remove(n - row)).toBe(true);
  const left: number[] = [];
  for (let row = heap.pop(); row >= 0; row = heap.pop()) left.push(row);
  expect(left).toEqual(Array.from({ length: n }, (_, i) => n - i).filter((_, i) => i % 3 !== 0));
});

test("a heap does not remove a row that its neighbour on the same index holds", () => {
  const index = new RowIndex();
  const [left, right] = [new IndexedHeap(index), new IndexedHeap(index)];
  left.push(1, 10);
  right.push(2, 20);
  expect(right.remove(1)).toBe(false);
  expect(left.remove(1)).toBe(true);
  expect(left.remove(1)).toBe(false);
  expect([left.size, right.size, right.head]).toEqual([0, 1, 2]);
});
