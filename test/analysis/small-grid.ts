import * as aq from "arquero";
import { GridView, type GridViewOptions } from "../../src/analysis/grid-view.ts";

/** One cell of a grid: its labels, and a metric's values by seed. */
export interface SmallCell {
  readonly policy: string;
  /** @default "ema" */
  readonly calibration?: string;
  /** @default "split" */
  readonly counting?: string;
  /** Values of each metric, one a seed. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** Rows as a sweep's table has them: one a cell and seed. */
export function smallRows(cells: readonly SmallCell[]): Record<string, string | number>[] {
  return cells.flatMap(({ policy, calibration = "ema", counting = "split", values }) =>
    Object.values(values)[0].map((_, seed) => ({
      ...{ policy, calibration, counting, seed: seed + 1 },
      ...Object.fromEntries(Object.entries(values).map(([name, bySeed]) => [name, bySeed[seed]])),
    }))
  );
}

/** A grid of a few cells. */
export function smallGrid(cells: readonly SmallCell[], options: GridViewOptions = {}): GridView {
  return new GridView(aq.from(smallRows(cells)), options);
}
