import * as aq from "arquero";
import type { GridView } from "./grid-view.ts";

/**
 * Mean absolute estimation error per policy, calibration off and on, mean over seeds with its
 * interval. Columns: `policy`, `calibration`, `counting`, `mae`, `low`, `high`, `n` (seeds).
 */
export function errorPerScheduler(grid: GridView, calibrations = ["none", "ema"]): aq.ColumnTable {
  return aq.from(
    grid.countings.flatMap((counting) =>
      grid.policies.flatMap((policy) =>
        calibrations.map((calibration) => {
          const values = grid.values("mae_all", { policy, calibration, counting });
          const { effect, low, high, n } = grid.interval(values);
          return { policy, calibration, counting, mae: effect, low, high, n };
        })
      )
    ),
  );
}
