import { expect, test } from "vitest";
import { variantEffects } from "../../src/analysis/variant-effects.ts";
import type { VariantRun } from "../../src/analysis/variant-run.ts";
import { bootstrapMean, replicateInterval } from "../../src/statistics/bootstrap.ts";
import { smallRun } from "./small-run.ts";

/** A run of which every request has its first token after so many seconds. */
const waiting = (variant: string, seed: number, seconds: ArrayLike<number>): VariantRun => ({
  ...{ setting: "a load", variant, seed },
  run: smallRun({
    arrival: new Float64Array(6),
    firstToken: Float64Array.from(seconds),
  }),
});
const all = (seconds: number) => new Array(6).fill(seconds);
const measures = [{ latency: "ttft", statistic: "mean" }] as const;
interface Row {
  readonly variant: string;
  readonly group: string;
  readonly measure: string;
  readonly value: number;
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly better: number;
}

test("changes are taken seed by seed, then averaged: a hard seed counts no more than an easy one", () => {
  const runs = [
    ...[waiting("base", 1, all(10)), waiting("base", 2, all(1000)), waiting("base", 3, all(1))],
    ...[waiting("new", 3, all(1.5)), waiting("new", 2, all(500)), waiting("new", 1, all(8))],
  ];
  const changes = [0.5, -0.5, -0.2];
  const [base, own] = variantEffects(runs, { baseline: "base", measures }).objects() as Row[];
  expect(base).toMatchObject({ variant: "base", effect: 0, low: 0, high: 0, n: 3, better: 0 });
  const { effect, low, high } = bootstrapMean(changes);
  expect(own).toMatchObject({
    variant: "new",
    group: "all",
    measure: "TTFT mean",
    n: 3,
    better: 2,
  });
  expect(own.effect).toBeCloseTo(effect, 12);
  expect([own.low, own.high]).toEqual([low, high]);
  expect(own.value).toBeCloseTo((8 + 500 + 1.5) / 3, 12);
  const options = { baseline: "base", measures, interval: replicateInterval };
  const [, spread] = variantEffects(runs, options).objects() as Row[];
  expect(spread.low).toBeCloseTo(replicateInterval(changes).low, 12);
});

test("a seed that the baseline lacks is left out, and a baseline that is not there leaves nothing", () => {
  const runs = [waiting("base", 1, all(10)), waiting("new", 1, all(5)), waiting("new", 2, all(1))];
  const [, own] = variantEffects(runs, { baseline: "base", measures }).objects() as Row[];
  expect(own).toMatchObject({ effect: -0.5, n: 1, better: 1 });
  expect(own.low).toBeNaN();
  const [alone] = variantEffects(runs, { baseline: "other", measures }).objects() as Row[];
  expect(alone.effect).toBeNaN();
  expect(alone.n).toBe(0);
});

test("groups are compared each for itself, and an empty one has no effect", () => {
  const rows = (...of: number[]) => Int32Array.from(of);
  const groups = () => [
    { name: "first", rows: rows(0, 1) },
    { name: "others", rows: rows(2, 3, 4, 5) },
    { name: "none", rows: rows() },
  ];
  const table = variantEffects([
    waiting("base", 1, [2, 2, 4, 4, 4, 4]),
    waiting("new", 1, [1, 1, 6, 6, 6, 6]),
  ], { baseline: "base", measures, groups });
  const own = (table.objects() as Row[]).filter(({ variant }) => variant === "new");
  expect(own.map(({ group, effect }) => [group, effect])).toEqual([
    ["first", -0.5],
    ["others", 0.5],
    ["none", NaN],
  ]);
});
