import * as aq from "arquero";
import { calibrationOff } from "./calibration-levels.ts";
import type { GridView } from "./grid-view.ts";
import { knownInterval, NO_DIFFERENCE, pairedDifference } from "./paired.ts";

/**
 * Mean absolute estimation error per policy and calibration, mean over seeds with its interval, and its
 * difference from calibration off, paired by seed. Seeds in which no request reported a length are left
 * out, and cells without one in any seed. Columns: `policy`, `calibration`, `counting`, `mae`,
 * `low`, `high`, `n` (seeds), `baseline` (the calibration compared with; empty where none is off),
 * `difference`, `differenceLow`, `differenceHigh` (words or tokens; NaN for the baseline itself).
 *
 * @param calibrations levels to show, in this order. @default all of the grid
 */
export function errorPerScheduler(
  grid: GridView,
  calibrations: readonly string[] = grid.calibrations,
): aq.ColumnTable {
  const baseline = calibrationOff(calibrations) ?? "";
  return aq.from(
    grid.countings.flatMap((counting) =>
      grid.policies.flatMap((policy) =>
        calibrations.map((calibration) => {
          const of = (calibration: string) =>
            grid.values({ measure: "mae" }, { policy, calibration, counting });
          const values = of(calibration);
          const { effect, low, high, n } = knownInterval(grid.interval, values);
          const compared = baseline === "" || calibration === baseline
            ? NO_DIFFERENCE
            : pairedDifference(grid.interval, values, of(baseline));
          return {
            ...{ policy, calibration, counting, mae: effect, low, high, n },
            ...{ baseline, ...compared },
          };
        }).filter(({ mae }) => !Number.isNaN(mae))
      )
    ),
  );
}
