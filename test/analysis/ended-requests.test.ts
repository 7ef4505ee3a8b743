import { expect, test } from "vitest";
import { endToEnd } from "../../src/analysis/ended-requests.ts";
import { everyone } from "../../src/analysis/groups.ts";
import { latencyOf } from "../../src/analysis/latency.ts";
import { smallRun } from "./small-run.ts";

test("end to end is arrival to finish, as for any run; NaN where a request never ended", () => {
  const run = smallRun();
  expect(endToEnd(run)).toEqual(latencyOf(run, "e2e", everyone(run).rows));
  expect([...endToEnd({ arrival: Float64Array.of(1, 2), finish: Float64Array.of(4, NaN) })])
    .toEqual([3, NaN]);
});
