import { expect, test } from "vitest";
import type { GridWorkload } from "../../src/sweeps/grid.ts";
import { joinGrids, sweep } from "../../src/sweeps/grid.ts";
import { columnsOf } from "../../src/sweeps/workload-source.ts";
import { handWorkload } from "../support/workloads.ts";

const workloads = [1, 2].map((seed): GridWorkload => ({
  source: columnsOf(handWorkload({ arrival: [0, seed] })),
  labels: { seed },
}));
const mine = { name: "mine", create: () => null };

test("axes are crossed, the last changes first, workload by workload; labels come from the values", () => {
  const grid = sweep({
    workloads,
    axes: { policy: ["fifo", mine], window: [16, 32], warm: [true] },
    cell: ({ window }) => ({ dispatch: { rule: "in-flight", window } }),
  });
  expect(grid.cells.map(({ labels }) => Object.values(labels).join(" "))).toEqual([
    ...[1, 2].flatMap((seed) => [
      `fifo 16 true ${seed}`,
      `fifo 32 true ${seed}`,
      `mine 16 true ${seed}`,
      `mine 32 true ${seed}`,
    ]),
  ]);
  expect(grid.cells[1].options).toEqual({ dispatch: { rule: "in-flight", window: 32 } });
  expect(grid.cells[4].workload).toBe(workloads[1].source);
});

test("a cell is told its values, not their labels, and its workload's labels", () => {
  const told: unknown[] = [];
  sweep({
    workloads: workloads.slice(1),
    axes: { policy: [mine, "fifo"] },
    cell: (values, labels) => {
      told.push([values.policy, labels.seed]);
      return {};
    },
  });
  expect(told).toEqual([[mine, 2], ["fifo", 2]]);
});

test("combinations for which there are no options have no cell", () => {
  const { cells } = sweep({
    workloads,
    axes: { policy: ["a", "b"], window: [1, 2] },
    cell: ({ policy, window }) => policy === "b" && window === 2 ? null : {},
  });
  expect(cells.map(({ labels: { policy, window } }) => `${policy}${window}`))
    .toEqual(["a1", "a2", "b1", "a1", "a2", "b1"]);
});

const bare = { workloads, axes: { policy: ["a", "b"] }, cell: () => ({}) };

test("whose runs are kept is said by labels", () => {
  const kept = (keep: Parameters<typeof sweep>[0]["keep"]) =>
    sweep({ ...bare, keep }).cells.filter((cell) => cell.keep)
      .map(({ labels }) => `${labels.policy}${labels.seed}`);
  expect(kept(undefined)).toEqual([]);
  expect(kept(true)).toEqual(["a1", "b1", "a2", "b2"]);
  expect(kept({ policy: "a" })).toEqual(["a1", "a2"]);
  expect(kept([{ policy: "a", seed: 1 }, { policy: "b" }])).toEqual(["a1", "b1", "b2"]);
  expect(() => kept({ polciy: "a" })).toThrow(
    'labels of cells, field polciy: got "a", expected a label that cells have: policy, seed',
  );
});

test.each([
  [{ ...bare, axis: {} }, "sweep, field axis", "a known name, one of workloads, axes, cell"],
  [{ ...bare, axes: { policy: [{}] } }, "field policy[0]", "an object with a name"],
  [{ ...bare, axes: { policy: [null] } }, "field policy[0]", "an object with a name"],
  [{ ...bare, axes: { policy: ["a", { name: "a" }] } }, "field policy", "two have this one"],
  [{ ...bare, axes: { seed: [1] } }, "field seed", "a name that no axis of the sweep has"],
])("%#: refused, with field and reason", (spec, field, expected) => {
  const declare = () => sweep(spec as unknown as Parameters<typeof sweep>[0]);
  expect(declare).toThrow(field);
  expect(declare).toThrow(expected);
});

test("grids are joined cell after cell; labels of other names are refused", () => {
  const [a, b] = [sweep(bare), sweep({ ...bare, axes: { policy: ["c"] } })];
  expect(joinGrids([a, b]).cells).toEqual([...a.cells, ...b.cells]);
  const other = sweep({ ...bare, axes: { window: [1] } });
  expect(() => joinGrids([a, other])).toThrow(
    'got "seed, window", expected the labels of the other cells: policy, seed',
  );
});
