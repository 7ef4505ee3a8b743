import { expect, test } from "vitest";
import { firstTokenTails } from "../../src/analysis/first-token-tails.ts";
import { smallRun } from "./small-run.ts";

const run = (seconds: readonly number[]) =>
  smallRun({ arrival: new Float64Array(6), firstToken: Float64Array.from(seconds) });
interface Row {
  readonly setting: string;
  readonly variant: string;
  readonly share: number;
  readonly seconds: number;
}

test("the seeds of a variant are pooled: quantiles are those of all their requests together", () => {
  const runs = [[6, 2, 4, 3, 5, 1], [7, 8, 9, 10, 11, NaN]].map((seconds, i) => ({
    ...{ setting: "a load", variant: "on", seed: i },
    run: run(seconds),
  }));
  const rows = firstTokenTails(runs, { points: 3, least: 0.01 }).objects() as Row[];
  const near = (value: number) => expect.closeTo(value, 9);
  expect(rows.map(({ share }) => share)).toEqual([1, 0.5, 0.1, 0.01].map(near));
  // Of 1 … 11, whatever the order; who never had a first token is left out.
  expect(rows.map(({ seconds }) => seconds)).toEqual([1, 6, 10, 10.9].map(near));
});

test("settings and variants stay apart", () => {
  const runs = ["low", "high"].flatMap((setting) =>
    ["on", "off"].map((variant) => ({ setting, variant, seed: 1, run: run([1, 1, 1, 1, 1, 1]) }))
  );
  const rows = firstTokenTails(runs, { points: 2 }).objects() as Row[];
  expect([...new Set(rows.map(({ setting, variant }) => `${setting}/${variant}`))]).toEqual([
    "low/on",
    "low/off",
    "high/on",
    "high/off",
  ]);
});
