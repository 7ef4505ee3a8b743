import * as aq from "arquero";
import type { NamedFit } from "./fit-goodness.ts";

/**
 * What fitted generators get wrong or leave out, one row a misfit. Columns: `trace`, `misfit`; a trace
 * without any has one row that says so.
 */
export function fitMisfits(fits: readonly NamedFit[]): aq.ColumnTable {
  return aq.from(
    fits.flatMap(({ trace, fit: { misfits } }) =>
      (misfits.length === 0 ? ["none found"] : misfits).map((misfit) => ({ trace, misfit }))
    ),
  );
}
