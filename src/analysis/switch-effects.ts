import * as aq from "arquero";
import { bootstrapMean } from "./bootstrap.ts";
import { C1 } from "./claims/calibration-error.ts";
import { C3, C4 } from "./claims/sjf-latency.ts";
import type { GridView } from "./grid-view.ts";

/** A switch's name and the grid that was run under it. */
export interface SwitchedGrid {
  readonly name: string;
  readonly description: string;
  readonly grid: GridView;
}

const EFFECTS = [
  { claim: C1, effect: "MAE, calibration on against off" },
  { claim: C3, effect: "median E2E, SJF against FIFO" },
  { claim: C4, effect: "P99 E2E, SJF against FIFO" },
] as const;

/**
 * What is left of three claims under each switch. Columns: `switch`, `description`, `effect` (what is
 * compared), `change` (relative), `low`, `high`, `n`.
 */
export function switchEffects(switched: readonly SwitchedGrid[], period: string): aq.ColumnTable {
  return aq.from(
    switched.flatMap(({ name, description, grid }) =>
      EFFECTS.map(({ claim, effect }) => {
        const interval = bootstrapMean(claim.effects(grid, { counting: "split", period }));
        const { effect: change, low, high, n } = interval;
        return { switch: name, description, effect, change, low, high, n };
      })
    ),
  );
}
