import * as aq from "arquero";
import { expect, test } from "vitest";
import { effectOverLoad } from "../../src/analysis/effect-over-load.ts";
import { loadViews } from "../../src/analysis/load-views.ts";
import { starvationByGroup } from "../../src/analysis/starvation-by-group.ts";
import { smallRows } from "./small-grid.ts";

/** Two servers at two loads; what SJF does grows with the load, and starvation with it. */
const TABLE = aq.from(["second", "first"].flatMap((server) =>
  [2, 0.5].flatMap((load) =>
    smallRows([
      {
        policy: "fifo",
        values: {
          "e2e.p50": [10, 20],
          "e2e.p99": [100, 200],
          "starved[tier=batch]": [0, 0],
          "served_max[tier=batch]": [5, 7],
        },
      },
      {
        policy: "sjf",
        values: {
          "e2e.p50": [10 * load, 20 * load],
          "e2e.p99": [100, 200],
          "starved[tier=batch]": [0.1 * load, NaN],
          "served_max[tier=batch]": [50 * load, NaN],
        },
      },
    ]).map((row) => ({ server, load, rate: 3 * load, ...row }))
  )
));

test("views are by server as they come, and by load, ascending", () => {
  expect(loadViews(TABLE).map(({ server, load, rate, view }) => [server, load, rate, view.seeds]))
    .toEqual([
      ["second", 0.5, 1.5, [1, 2]],
      ["second", 2, 6, [1, 2]],
      ["first", 0.5, 1.5, [1, 2]],
      ["first", 2, 6, [1, 2]],
    ]);
});

test("the effect at each server and load is that of its own cells", () => {
  const rows = effectOverLoad(loadViews(TABLE), { counting: "split" })
    .objects() as Record<string, unknown>[];
  expect(rows.map((row) => [row.server, row.load, row.policy, row.metric, row.effect])).toEqual(
    ["second", "first"].flatMap((server) => [
      [server, 0.5, "sjf", "p50", -0.5],
      [server, 0.5, "sjf", "p99", 0],
      [server, 2, "sjf", "p50", 1],
      [server, 2, "sjf", "p99", 0],
    ]),
  );
  expect(rows[0]).toMatchObject({ low: -0.5, high: -0.5, n: 2, baseline: "fifo" });
});

test("starvation is the mean over the seeds in which the group had requests", () => {
  const rows = starvationByGroup(loadViews(TABLE), {
    ...{ counting: "split", tiers: ["batch"], categories: [] },
  }).objects() as Record<string, unknown>[];
  expect(rows.slice(2, 4)).toEqual([
    {
      ...{ server: "second", load: 2, policy: "fifo", kind: "tier", group: "batch" },
      ...{ starved: 0, low: 0, high: 0 },
      ...{ longest: 6, longestLow: expect.any(Number), longestHigh: expect.any(Number) },
    },
    {
      ...{ server: "second", load: 2, policy: "sjf", kind: "tier", group: "batch" },
      // Of one seed alone there is no interval.
      ...{ starved: 0.2, low: NaN, high: NaN, longest: 100, longestLow: NaN, longestHigh: NaN },
    },
  ]);
  expect([rows[2].longestLow, rows[2].longestHigh]).toEqual([5, 7]);
});

test("a group without a request in any seed has no row", () => {
  const table = aq.from(
    smallRows([{
      policy: "fifo",
      values: { "starved[tier=x]": [NaN], "served_max[tier=x]": [NaN] },
    }])
      .map((row) => ({ server: "s", load: 1, rate: 1, ...row })),
  );
  const groups = { counting: "split", tiers: ["x"], categories: [] };
  expect(starvationByGroup(loadViews(table), groups).numRows()).toBe(0);
});

test("a group of a period is looked up by both names", () => {
  expect(() =>
    starvationByGroup(loadViews(TABLE), {
      ...{ counting: "split", period: "storm", tiers: [], categories: ["report"] },
    })
  ).toThrow("No measure starved[phase=storm,category=report]");
});
