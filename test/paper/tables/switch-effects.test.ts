import * as aq from "arquero";
import { expect, test } from "vitest";
import { switchEffects } from "../../../src/paper/tables/switch-effects.ts";

/** Numbers of one cell. */
interface Cell {
  readonly mae: number;
  readonly p50: number;
  readonly p99: number;
}
type Cells = Readonly<Record<"fifo off" | "fifo on" | "sjf off" | "sjf on", Cell>>;

/** Rows of a switch; every seed has the same numbers times its own scale. */
function rowsOf(name: string, cells: Cells, scales: readonly number[]) {
  return Object.entries(cells).flatMap(([cell, { mae, p50, p99 }]) => {
    const [policy, calibration] = cell.split(" ");
    return scales.map((scale, i) => ({
      switch: name,
      policy,
      calibration: calibration === "on" ? "ema" : "none",
      counting: "split",
      seed: i + 1,
      mae: scale * mae,
      "e2e.p50[phase=stress]": scale * p50,
      "e2e.p99[phase=stress]": scale * p99,
      // Of another period: not to be looked at.
      "e2e.p50[phase=learning]": 1,
      "e2e.p99[phase=learning]": 1,
    }));
  });
}

const reference: Cells = {
  // 100 to 60 is 40 % less under FIFO, 50 to 40 is 20 % less under SJF: 30 % on average.
  "fifo off": { mae: 100, p50: 900, p99: 900 },
  "fifo on": { mae: 60, p50: 100, p99: 200 },
  "sjf off": { mae: 50, p50: 1, p99: 1 },
  // With calibration on: 58 against 100, 168 against 200.
  "sjf on": { mae: 40, p50: 58, p99: 168 },
};
const mended: Cells = {
  "fifo off": { mae: 80, p50: 10, p99: 10 },
  "fifo on": { mae: 100, p50: 10, p99: 10 },
  "sjf off": { mae: 80, p50: 10, p99: 10 },
  "sjf on": { mae: 80, p50: 10, p99: 15 },
};

test("one row a switch, in the table's order: change by calibration, and SJF against FIFO with it", () => {
  const table = aq.from([
    ...rowsOf("reference", reference, [1, 3]),
    ...rowsOf("mended", mended, [1, 3]),
  ]);
  expect(switchEffects(table, "stress").objects()).toEqual([
    {
      switch: "reference",
      "MAE by calibration": "−30.0 % (−30.0 to −30.0)",
      "median E2E by SJF": "−42.0 % (−42.0 to −42.0)",
      "P99 E2E by SJF": "−16.0 % (−16.0 to −16.0)",
    },
    {
      switch: "mended",
      "MAE by calibration": "12.5 % (12.5 to 12.5)",
      "median E2E by SJF": "0.0 % (0.0 to 0.0)",
      "P99 E2E by SJF": "50.0 % (50.0 to 50.0)",
    },
  ]);
});

test("seeds that differ: the mean of their changes, and an interval over them", () => {
  // Seed 2 alone: FIFO's median is 116, so SJF halves it.
  const rows = rowsOf("reference", reference, [1, 1]).map((row) =>
    row.seed === 2 && row.policy === "fifo" ? { ...row, "e2e.p50[phase=stress]": 116 } : row
  );
  const [row] = switchEffects(aq.from(rows), "stress").objects() as Record<string, string>[];
  expect(row["median E2E by SJF"]).toBe("−46.0 % (−50.0 to −42.0)");
  expect(row["P99 E2E by SJF"]).toBe("−16.0 % (−16.0 to −16.0)");
});

test("one seed has a change without an interval", () => {
  const [row] = switchEffects(aq.from(rowsOf("reference", reference, [1])), "stress").objects();
  expect(row).toMatchObject({ "MAE by calibration": "−30.0 %", "P99 E2E by SJF": "−16.0 %" });
});

test("a period that the table does not have is named", () => {
  const table = aq.from(rowsOf("reference", reference, [1]));
  expect(() => switchEffects(table, "night")).toThrow("No measure e2e.p50[phase=night]");
});
