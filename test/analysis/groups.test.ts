import { expect, test } from "vitest";
import {
  byCategory,
  byPhase,
  byTier,
  everyone,
  type Group,
  latePart,
} from "../../src/analysis/groups.ts";
import { STATUSES } from "../../src/runs/run.ts";
import { smallRun } from "./small-run.ts";

const plain = (groups: readonly Group[]) =>
  Object.fromEntries(groups.map(({ name, rows }) => [name, [...rows]]));

test("everyone is every completed request", () => {
  expect(plain([everyone(smallRun())])).toEqual({ all: [0, 1, 2, 3, 4, 5] });
});

test("phases, tiers and categories split a run by name", () => {
  const run = smallRun();
  const all = everyone(run);
  expect(plain(byPhase(run))).toEqual({ calm: [0, 1], storm: [2, 3, 4, 5] });
  expect(plain(byTier(run, all))).toEqual({ premium: [0, 3], standard: [1, 4], batch: [2, 5] });
  expect(plain(byCategory(run, all)))
    .toEqual({ short_qa: [0, 1], summary: [2, 3], technical: [], report: [4, 5] });
});

test("within a group, tiers and categories carry its name", () => {
  const run = smallRun();
  const storm = byPhase(run)[1];
  expect(plain(byTier(run, storm)))
    .toEqual({ storm_premium: [3], storm_standard: [4], storm_batch: [2, 5] });
  expect(plain(byCategory(run, storm))).toEqual({
    storm_short_qa: [],
    storm_summary: [2, 3],
    storm_technical: [],
    storm_report: [4, 5],
  });
});

test("only completed requests belong to a group", () => {
  const status = new Uint8Array(6);
  status[0] = STATUSES.indexOf("failed");
  status[3] = STATUSES.indexOf("cancelled");
  status[5] = STATUSES.indexOf("rejected");
  const run = smallRun({ status });
  expect(plain([everyone(run), ...byPhase(run), latePart(run)]))
    .toEqual({ all: [1, 2, 4], calm: [1], storm: [2, 4], late: [4] });
  expect(plain(byTier(run, everyone(run)))).toEqual({ premium: [], standard: [1, 4], batch: [2] });
});

test.each([[3, 1], [6, 2], [30, 10], [600, 200], [3000, 1000], [100, 33], [101, 34]])(
  "the late part of %i requests is the last third of them, %i",
  (size, late) => {
    const { rows } = latePart(smallRun({ size, status: new Uint8Array(size) }));
    expect(rows.length).toBe(late);
    expect([...rows]).toEqual(Array.from({ length: late }, (_, i) => size - late + i));
  },
);
