import * as aq from "arquero";
import type { Interval } from "./bootstrap.ts";
import { C1 } from "./claims/calibration-error.ts";
import { C3, C4 } from "./claims/sjf-latency.ts";
import type { GridView } from "./grid-view.ts";

/** A switch's name and the grid that was run under it. */
export interface SwitchedGrid {
  readonly name: string;
  readonly description: string;
  readonly grid: GridView;
}

const EFFECTS = {
  "MAE by calibration": C1,
  "median E2E by SJF": C3,
  "P99 E2E by SJF": C4,
} as const;

function percent(share: number): string {
  return (100 * share).toFixed(1).replace("-", "−");
}

function shown({ effect, low, high }: Interval): string {
  return `${percent(effect)} % (${percent(low)} to ${percent(high)})`;
}

/**
 * What is left of three claims under each switch, one row a switch. Columns: `switch`, `description`,
 * then each relative change with its interval as text, in percent.
 */
export function switchEffects(switched: readonly SwitchedGrid[], period: string): aq.ColumnTable {
  return aq.from(switched.map(({ name, description, grid }) => ({
    switch: name,
    description,
    ...Object.fromEntries(
      Object.entries(EFFECTS).map(([effect, claim]) => [
        effect,
        shown(grid.interval(claim.effects(grid, { counting: "split", period }))),
      ]),
    ),
  })));
}
