import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../src/errors/input-error.ts";
import { rampUp } from "../../../src/workload/transforms/ramp-up.ts";
import { handWorkload } from "../../support/workloads.ts";

test("the rate grows linearly and is the workload's own from then on", () => {
  // 10 a second for 20 s.
  const arrival = Array.from({ length: 200 }, (_, i) => 0.05 + 0.1 * i);
  const ramped = rampUp(handWorkload({ arrival }), 8).requests.arrival;
  const between = (from: number, to: number) => ramped.filter((at) => at >= from && at < to).length;
  // In 8 s as many as in 4 at full rate, growing with the square of time.
  expect(between(0, 8)).toBe(40);
  expect(between(0, 4)).toBe(10);
  expect(between(8, 18)).toBe(100);
});

test("keeps the order, and phases after the first as they are", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 2 }),
    fc.double({ min: 0, max: 50, noNaN: true }),
    (times, seconds) => {
      const sorted = times.toSorted((a, b) => a - b);
      const workload = handWorkload({
        arrival: [...sorted, ...sorted],
        phases: [
          { name: "a", first: 0, afterDrainSeconds: 0 },
          { name: "b", first: sorted.length, afterDrainSeconds: 1 },
        ],
      });
      const { arrival } = rampUp(workload, seconds).requests;
      for (let i = 1; i < sorted.length; i++) {
        expect(arrival[i]).toBeGreaterThanOrEqual(arrival[i - 1]);
      }
      expect([...arrival.subarray(sorted.length)]).toEqual(sorted);
    },
  ));
  expect(() => rampUp(handWorkload({ arrival: [0] }), -1)).toThrow(InputError);
});
