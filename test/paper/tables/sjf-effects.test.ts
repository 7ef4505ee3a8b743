import { expect, test } from "vitest";
import { sjfEffects } from "../../../src/paper/tables/sjf-effects.ts";
import { HAND_SCOPE, handLoadViews } from "../support/hand-load-views.ts";

test("SJF against FIFO beside the paper's numbers, calibration off above on", () => {
  const cell = (policy: string, calibration: string, p50: number, p99: number) => ({
    server: "s",
    load: 2,
    policy,
    calibration,
    p50: [p50, 2 * p50],
    p99: [p99, 2 * p99],
  });
  const rows = sjfEffects(
    handLoadViews([
      cell("fifo", "ema", 100, 200),
      cell("sjf", "ema", 58, 216),
      cell("aging", "ema", 1, 1),
      cell("fifo", "none", 100, 200),
      cell("aging", "none", 1, 1),
      cell("sjf", "none", 79, 168),
    ]),
    HAND_SCOPE,
  ).objects() as Record<string, string | number>[];
  expect(rows.map(({ server, load, metric, calibration }) => [server, load, metric, calibration]))
    .toEqual([["s", 2, "p50", "off"], ["s", 2, "p50", "on"], ["s", 2, "p99", "off"], [
      "s",
      2,
      "p99",
      "on",
    ]]);
  const column = (name: string) => rows.map((row) => row[name] as number);
  const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12));
  expect(column("effect")).toEqual(near([-0.21, -0.42, -0.16, 0.08]));
  expect(column("low")).toEqual(column("effect").map((value) => expect.closeTo(value, 12)));
  // C3 states −42 %, C4 −16 %: half of it, all of it, all of it, and half of it the other way.
  expect(column("paper")).toEqual([-0.42, -0.42, -0.16, -0.16]);
  expect(column("share of the paper's")).toEqual(near([0.5, 1, 1, -0.5]));
});
