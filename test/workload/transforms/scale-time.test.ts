import { expect, test } from "vitest";
import { scaleTime } from "../../../src/workload/transforms/scale-time.ts";
import { smallWorkload } from "./support/small-workload.ts";

test("half the time is twice the rate, pauses between phases included", () => {
  const before = smallWorkload();
  const { requests, truth, provenance } = scaleTime(before, 0.5);
  expect([...requests.arrival]).toEqual([0, 0.5, 1.25, 2, 0.25, 0.5, 1.5]);
  expect(requests.phases.map((phase) => phase.afterDrainSeconds)).toEqual([0, 7.5]);
  expect(truth).toBe(before.truth);
  expect(provenance.steps).toEqual(["made", "time multiplied by 0.5"]);
  expect([...before.requests.arrival]).toEqual([0, 1, 2.5, 4, 0.5, 1, 3]);
});

test("a factor that is not positive and finite is refused by name", () => {
  for (const factor of [0, -1, NaN, Infinity, 1e309, "2" as unknown as number]) {
    expect(() => scaleTime(smallWorkload(), factor)).toThrow("scaleTime, field factor: got");
  }
});
