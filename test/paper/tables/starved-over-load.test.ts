import * as aq from "arquero";
import { expect, test } from "vitest";
import { loadViews } from "../../../src/analysis/load-views.ts";
import { measureName } from "../../../src/analysis/measure-key.ts";
import { starvedOverLoad } from "../../../src/paper/tables/starved-over-load.ts";

const name = (measure: "starved" | "served_max", group: { tier?: string; category?: string }) =>
  measureName({ measure, phase: "stress", ...group });

/** A cell with shares and waits that tell policy and group apart. */
function cell(load: number, policy: string, at: number) {
  const labels = { server: "s", load, rate: load, policy, calibration: "ema", counting: "split" };
  return {
    ...labels,
    seed: 1,
    [name("starved", { category: "report" })]: at + 0.1,
    [name("served_max", { category: "report" })]: at + 10,
    [name("starved", { tier: "batch" })]: at + 0.2,
    [name("served_max", { tier: "batch" })]: at + 20,
  };
}

test("reports are those under SJF, the batch tier that under priority", () => {
  const views = loadViews(
    aq.from([cell(1, "sjf", 0), cell(1, "priority", 100), cell(2, "sjf", 200)]),
  );
  expect(starvedOverLoad(views, { counting: "split", period: "stress" }).objects()).toEqual([
    {
      server: "s",
      load: 1,
      "reports under SJF": 0.1,
      "their longest wait, s": 10,
      "batch tier under priority": 100.2,
      "its longest wait, s": 120,
    },
    {
      server: "s",
      load: 2,
      "reports under SJF": 200.1,
      "their longest wait, s": 210,
      "batch tier under priority": NaN,
      "its longest wait, s": NaN,
    },
  ]);
});
