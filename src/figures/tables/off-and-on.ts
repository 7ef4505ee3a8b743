import { InputError } from "../../errors/input-error.ts";
import { seriesNames } from "../theme/series.ts";

/** Names of calibration off and on in a table. */
export interface OffAndOn {
  readonly off: string;
  readonly on: string;
}

/**
 * The two calibrations that a figure compares: `none`, and the first of the others. An
 * {@link InputError} says which is missing.
 */
export function offAndOn(
  figure: string,
  rows: readonly { readonly calibration: string }[],
): OffAndOn {
  const names = seriesNames("calibration", rows.map(({ calibration }) => calibration));
  const on = names.find((name) => name !== "none");
  if (names.includes("none") && on !== undefined) return { off: "none", on };
  throw new InputError({
    file: `table of figure ${figure}`,
    field: "calibration",
    value: names.join(", "),
    expected: "rows with none and rows with a calibrator",
  });
}
