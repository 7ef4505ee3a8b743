import * as aq from "arquero";
import type { Interval } from "../../statistics/bootstrap.ts";
import { COUNTING_WORDS } from "../policies.ts";
import { C1 } from "../claims/calibration-error.ts";
import { C3, C4 } from "../claims/sjf-latency.ts";
import { GridView } from "../../analysis/grid-view.ts";

const EFFECTS = {
  "MAE by calibration": C1,
  "median E2E by SJF": C3,
  "P99 E2E by SJF": C4,
} as const;

function percent(share: number): string {
  return (100 * share).toFixed(1).replace("-", "−");
}

function shown({ effect, low, high }: Interval): string {
  if (Number.isNaN(low)) return `${percent(effect)} %`;
  return `${percent(effect)} % (${percent(low)} to ${percent(high)})`;
}

/**
 * What is left of three claims under each switch, one row a switch, in the order of the table.
 * Columns: `switch`, then each relative change as text, in percent, with its interval where more than one
 * seed gives one. Source: driftsched reference, "What it gets wrong or leaves open" (the switches) and
 * claims C1, C3, C4.
 *
 * @param table one row a cell, as `gridTable` makes it of a `switchGrid`
 */
export function switchEffects(table: aq.ColumnTable, period: string): aq.ColumnTable {
  const rows = table.objects() as { readonly switch: string }[];
  const bySwitch = [...Map.groupBy(rows, (row) => row.switch)];
  return aq.from(bySwitch.map(([name, cells]) => {
    const grid = new GridView(aq.from(cells));
    const effects = Object.entries(EFFECTS).map(([effect, claim]) => [
      effect,
      shown(grid.interval(claim.effects(grid, { counting: COUNTING_WORDS, period }))),
    ]);
    return { switch: name, ...Object.fromEntries(effects) };
  }));
}
