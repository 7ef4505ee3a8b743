import * as aq from "arquero";
import { expect, test } from "vitest";
import { GridView } from "../../src/analysis/grid-view.ts";

/** Two policies, two windows, three seeds in an order of their own; the value tells the cell. */
const table = aq.from(
  [3, 1, 2].flatMap((seed) =>
    ["fifo", "mine"].flatMap((policy, p) =>
      [16, 32].map((window) => ({ policy, window, seed, mae: 100 * p + window + seed / 10 }))
    )
  ),
);
const view = new GridView(table);

test("a cell's values come seed by seed, by the labels of its axes, whatever these are called", () => {
  expect(view.seeds).toEqual([1, 2, 3]);
  expect([...view.values({ measure: "mae" }, { policy: "mine", window: 16 })])
    .toEqual([116.1, 116.2, 116.3]);
  expect([...view.values({ measure: "mae" }, { window: 32, policy: "fifo" })])
    .toEqual([32.1, 32.2, 32.3]);
  expect(view.labels("window")).toEqual([16, 32]);
  expect(view.policies).toEqual(["fifo", "mine"]);
});

test.each([
  [{ policy: "lifo", window: 16 }, "No cell policy=lifo, window=16"],
  [{ policy: "mine", window: "16" }, "No cell policy=mine, window=16"],
  [{ policy: "mine" }, "Several cells are policy=mine: say a label of every axis"],
  [{ polciy: "mine" }, "A grid needs a column polciy"],
])("%j is refused: %s", (key, message) => {
  expect(() => view.values({ measure: "mae" }, key)).toThrow(message);
});

test("a measure or a seed that is missing is named", () => {
  expect(() => view.values({ measure: "wait", statistic: "max" }, { policy: "mine", window: 16 }))
    .toThrow("No measure wait.max in this grid");
  const short = new GridView(aq.from((table.objects() as object[]).slice(1)));
  expect(() => short.values({ measure: "mae" }, { policy: "fifo", window: 16 }))
    .toThrow("Cell policy=fifo, window=16 has no seed 3");
});
