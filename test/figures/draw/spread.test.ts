import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spread } from "../../../src/figures/draw/spread.ts";

describe("spread(positions, options)", () => {
  test("leaves positions alone that are far enough apart", () => {
    expect([...spread([0, 50, 20], { gap: 10 })]).toEqual([0, 50, 20]);
  });

  test("moves two that are too close apart by the same amount", () => {
    expect([...spread([10, 12], { gap: 10 })]).toEqual([6, 16]);
  });

  test("keeps inside its bounds as a whole", () => {
    expect([...spread([0, 1], { gap: 10, min: 0, max: 30 })]).toEqual([0, 10]);
    expect([...spread([29, 30], { gap: 10, min: 0, max: 30 })]).toEqual([20, 30]);
  });

  test("overruns its end, not its beginning, where they cannot all fit", () => {
    expect([...spread([1, 2, 3], { gap: 10, min: 0, max: 15 })]).toEqual([0, 10, 20]);
  });

  test("nothing stays nothing", () => {
    expect(spread([], { gap: 10 })).toHaveLength(0);
  });

  const positions = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 12 });

  test("keeps the gap and the order, whatever comes", () => {
    fc.assert(fc.property(positions, (wanted) => {
      const moved = spread(wanted, { gap: 7 });
      const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
      for (let i = 1; i < order.length; i++) {
        expect(moved[order[i]] - moved[order[i - 1]]).toBeGreaterThanOrEqual(7 - 1e-9);
      }
    }));
  });

  test("no small change of any two neighbours' places is better", () => {
    fc.assert(fc.property(positions, (wanted) => {
      const moved = spread(wanted, { gap: 7 });
      const cost = (at: ArrayLike<number>) =>
        wanted.reduce((sum, want, i) => sum + (want - at[i]) ** 2, 0);
      const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
      const legal = (at: ArrayLike<number>) =>
        order.every((index, i) => i === 0 || at[index] - at[order[i - 1]] >= 7 - 1e-9);
      const best = cost(moved);
      for (let from = 0; from < order.length; from++) {
        for (let to = from + 1; to <= order.length; to++) {
          for (const step of [-0.01, 0.01]) {
            const other = moved.slice();
            for (const index of order.slice(from, to)) other[index] += step;
            if (legal(other)) expect(cost(other)).toBeGreaterThanOrEqual(best - 1e-6);
          }
        }
      }
    }));
  });
});
