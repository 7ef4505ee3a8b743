import { calibrationOff } from "../../analysis/calibration-levels.ts";
import { InputError } from "../../errors/input-error.ts";
import { seriesNames } from "../theme/series.ts";

/** Names of calibration off and on in a table. */
export interface OffAndOn {
  readonly off: string;
  readonly on: string;
}

/**
 * The two calibrations that a figure compares: the one that does not learn, and the first of the
 * others; of calibrators that are not registered, the first in the table and the next. An
 * {@link InputError} says where one is missing.
 */
export function offAndOn(
  figure: string,
  rows: readonly { readonly calibration: string }[],
): OffAndOn {
  const names = [...new Set(rows.map(({ calibration }) => calibration))];
  const off = calibrationOff(names);
  const on = seriesNames("calibration", names).find((name) => name !== off);
  if (off !== undefined && on !== undefined) return { off, on };
  throw new InputError({
    file: `table of figure ${figure}`,
    field: "calibration",
    value: names.join(", "),
    expected: "rows with a calibrator that does not learn (off) and rows with one that learns (on)",
  });
}
