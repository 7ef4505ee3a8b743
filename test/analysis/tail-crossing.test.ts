import * as aq from "arquero";
import { expect, test } from "vitest";
import { loadViews } from "../../src/analysis/load-views.ts";
import { measureName } from "../../src/analysis/measure-key.ts";
import { tailCrossing } from "../../src/analysis/tail-crossing.ts";

const P99 = measureName({ measure: "e2e", statistic: "p99", phase: "stress" });

/** P99 of SJF over FIFO's at each load, by seed. */
function crossingOf(effects: Readonly<Record<string, readonly number[]>>) {
  const rows = Object.entries(effects).flatMap(([load, bySeed]) =>
    bySeed.flatMap((effect, seed) =>
      ["fifo", "sjf"].map((policy) => ({
        ...{ server: "s", load: Number(load), rate: 3 * Number(load), policy },
        ...{ calibration: "ema", counting: "split", seed },
        [P99]: policy === "fifo" ? 10 : 10 * (1 + effect),
      }))
    )
  );
  const views = loadViews(aq.from(rows));
  const scope = { counting: "split", period: "stress", level: 0.1 };
  return tailCrossing(views, scope).object() as Record<string, number>;
}

test("the load where a tail turns worse is read off between the loads, in their logarithm", () => {
  // From 0 to 0.2 between 1 and 4: 0.1 is half way, at 2; and back half way from 16 to 64, at 32.
  const found = crossingOf({ 1: [0, 0], 4: [0.2, 0.2], 16: [0.2, 0.2], 64: [0, 0] });
  expect(found.worseFrom).toBeCloseTo(2, 9);
  expect(found.worseUntil).toBeCloseTo(32, 9);
  expect([found.fromLow, found.fromHigh, found.untilLow]).toEqual(
    [found.worseFrom, found.worseFrom, found.worseUntil],
  );
  expect(found.worst).toBeCloseTo(0.2, 12);
});

test("seeds that differ give an interval around it, and one beyond the sweep has no end", () => {
  const wide = crossingOf({ 1: [0, 0, 0], 4: [0.12, 0.2, 0.4], 16: [0.4, 0.4, 0.4] });
  expect(wide.fromLow).toBeLessThan(wide.worseFrom);
  expect(wide.fromHigh).toBeGreaterThan(wide.worseFrom);
  expect(wide.worseUntil).toBeNaN();
  // Half of the resamples never get there.
  const some = crossingOf({ 1: [0, 0], 4: [0.05, 0.2] });
  expect(some.worseFrom).toBeCloseTo(1 * 4 ** 0.8, 9);
  expect(some.fromHigh).toBeNaN();
});

test("a tail that never turns worse has no such load; one that is worse from the start has the first", () => {
  expect(crossingOf({ 1: [0, 0], 4: [-0.2, 0.05] }).worseFrom).toBeNaN();
  expect(crossingOf({ 1: [0.3, 0.3], 4: [0.2, 0.2] }).worseFrom).toBe(1);
});

test("a seed or a load without a request hides nothing", () => {
  const whole = crossingOf({ 1: [0, 0], 4: [0.2, 0.2], 16: [0.2, 0.2], 64: [0, 0] });
  const holes = crossingOf({
    0.5: [NaN, NaN],
    1: [0, NaN],
    4: [0.2, 0.2],
    16: [NaN, 0.2],
    64: [0, 0],
  });
  expect(holes.worseFrom).toBe(whole.worseFrom);
  expect(holes.worseUntil).toBe(whole.worseUntil);
  expect(holes.worstLoad).toBe(4);
  const nothing = crossingOf({ 1: [NaN, NaN], 4: [NaN, NaN] });
  expect([nothing.worseFrom, nothing.worst, nothing.untilHigh]).toEqual([NaN, NaN, NaN]);
});

test("one seed has a crossing without bounds", () => {
  const found = crossingOf({ 1: [0], 4: [0.2], 16: [0.2], 64: [0] });
  expect([found.worseFrom, found.worseUntil]).toEqual([
    expect.closeTo(2, 9),
    expect.closeTo(32, 9),
  ]);
  expect([found.fromLow, found.fromHigh, found.untilLow, found.untilHigh])
    .toEqual([NaN, NaN, NaN, NaN]);
});

test("the baseline is the registry's first, and calibration the one that learns, of any name", () => {
  const rows = [1, 4].flatMap((load) =>
    ["mine", "fifo"].flatMap((policy) =>
      ["none", "median"].map((calibration) => ({
        ...{ server: "s", load, rate: load, policy, calibration, counting: "split", seed: 1 },
        "e2e.p99[phase=stress]": policy === "mine" && calibration === "median" ? load : 1,
      }))
    )
  );
  const scope = { policy: "mine", counting: "split", period: "stress", level: 1.5 };
  const found = tailCrossing(loadViews(aq.from(rows)), scope).object() as Record<string, number>;
  // From 0 at 1 to 3 at 4: 1.5 is half way.
  expect(found.worseFrom).toBeCloseTo(2, 9);
});
