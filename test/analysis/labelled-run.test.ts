import { expect, test } from "vitest";
import { groupRuns } from "../../src/analysis/labelled-run.ts";
import { smallRun } from "./small-run.ts";

test("runs are grouped by what the key says, groups and members in the order they came", () => {
  const run = smallRun();
  const runs = [["sjf", 2], ["fifo", 1], ["sjf", 1]].map(([policy, seed]) => ({
    ...{ run, policy: String(policy), seed: Number(seed), calibration: "none", counting: "split" },
  }));
  expect(groupRuns(runs, ({ policy }) => policy)).toEqual([[runs[0], runs[2]], [runs[1]]]);
  expect(groupRuns([], () => "")).toEqual([]);
});
