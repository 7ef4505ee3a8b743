import * as aq from "arquero";
import type { WorkloadFit } from "../workload/generators/fit/fit-workload.ts";
import { significantDigits } from "./significant-digits.ts";

/** A trace's name and the generator fitted to it. */
export interface NamedFit {
  readonly trace: string;
  readonly fit: Pick<WorkloadFit, "goodness" | "misfits">;
}

/**
 * How good fitted generators are, statistic by statistic, as text for readers. Columns: `trace`,
 * `statistic`, `original`, `generated` (mean over the generated workloads), `range` of those, and
 * whether the mean is `within` tolerance (yes, no).
 */
export function fitGoodness(fits: readonly NamedFit[]): aq.ColumnTable {
  return aq.from(
    fits.flatMap(({ trace, fit }) =>
      fit.goodness.map(({ statistic, original, generated, low, high, within }) => ({
        trace,
        statistic,
        original: significantDigits(original),
        generated: significantDigits(generated),
        range: `${significantDigits(low)} to ${significantDigits(high)}`,
        within: within ? "yes" : "no",
      }))
    ),
  );
}
