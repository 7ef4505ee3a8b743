import * as aq from "arquero";
import { type Arrivals, arrivalSpan, indexOfDispersion } from "../workload/statistics/arrivals.ts";

/** Arrivals of a trace, or of what was generated after it. */
export interface NamedArrivals {
  readonly trace: string;
  /** Which side of the comparison: `real`, `generated`. */
  readonly source: string;
  readonly arrivals: Arrivals;
}

/** Fewer bins say little of their variance. */
const FEWEST_BINS = 20;

/** 1, 2, 5, 10, … up to `most`. */
function widthsUpTo(most: number): number[] {
  const widths: number[] = [];
  for (let decade = 1; decade <= most; decade *= 10) {
    widths.push(...[1, 2, 5].map((step) => step * decade).filter((width) => width <= most));
  }
  return widths;
}

/**
 * Index of dispersion of the arrivals over the width of the bins that they are counted in: from 1 s
 * to a twentieth of the span. 1 at every width for a Poisson process; what rises with the width is
 * burstiness that lasts. Columns: `trace`, `source`, `seconds`, `dispersion`.
 */
export function dispersionOverWidth(sides: readonly NamedArrivals[]): aq.ColumnTable {
  return aq.from(
    sides.flatMap(({ trace, source, arrivals }) =>
      widthsUpTo(arrivalSpan(arrivals) / FEWEST_BINS).map((seconds) => ({
        ...{ trace, source, seconds },
        dispersion: indexOfDispersion(arrivals, seconds),
      }))
    ),
  );
}
