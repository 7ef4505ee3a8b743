import { log } from "../math/log.ts";
import { known } from "./known.ts";

/** A number of each of n rows. */
type Column = (row: number) => number;

/**
 * Pearson's correlation of two columns of one length; NaN where either does not vary.
 *
 * @example
 * statistics.correlation([1, 2, 3], [2, 4, 6]); // 1
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return correlationOf(x.length, (row) => x[row], (row) => y[row]);
}

/**
 * Correlation of the logarithms of one plus the values: what the field's tables list of prompt and
 * answer lengths, whose tails would decide alone otherwise.
 *
 * @example
 * statistics.logCorrelation(workload.requests.promptTokens, workload.truth.outputTokens);
 */
export function logCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const logs = (values: ArrayLike<number>): Column => {
    const known = new Map<number, number>();
    return (row) => {
      const value = values[row];
      let found = known.get(value);
      if (found === undefined) {
        found = log(1 + value);
        if (known.size < MOST_KNOWN) known.set(value, found);
      }
      return found;
    };
  };
  return correlationOf(x.length, logs(x), logs(y));
}

/** Logarithms kept at most: token counts repeat, and millions of rows have thousands of them. */
const MOST_KNOWN = 65_536;

/**
 * Spearman's rank correlation: Pearson's of the ranks, ties with the mean of theirs. NaN where a value
 * is NaN.
 *
 * @example
 * statistics.rankCorrelation([1, 2, 3], [1, 10, 100]); // 1
 */
export function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [ofX, ofY] = [ranking(x), ranking(y)];
  return correlationOf(x.length, (row) => ofX(x[row]), (row) => ofY(y[row]));
}

/** Rank of each value from 1 on, equal values sharing the mean of their ranks; NaN has none. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, ranking(values));
}

/** Without a column in between: a million rows should cost no more memory than they have. */
function correlationOf(size: number, x: Column, y: Column): number {
  let sumX = 0;
  let sumY = 0;
  for (let row = 0; row < size; row++) {
    sumX += x(row);
    sumY += y(row);
  }
  const centreX = sumX / size;
  const centreY = sumY / size;
  let both = 0;
  let squaresX = 0;
  let squaresY = 0;
  for (let row = 0; row < size; row++) {
    const offX = x(row) - centreX;
    const offY = y(row) - centreY;
    both += offX * offY;
    squaresX += offX * offX;
    squaresY += offY * offY;
  }
  return both / size / Math.sqrt(squaresX / size * (squaresY / size));
}

/** The mean of the ranks, from 1, that a value of `values` has among them. */
function ranking(values: ArrayLike<number>): (value: number) => number {
  const sorted = values instanceof Int32Array ? values.toSorted() : known(values).sort();
  const distinct: number[] = [];
  const ranks: number[] = [];
  for (let i = 0; i < sorted.length;) {
    let end = i + 1;
    while (end < sorted.length && sorted[end] === sorted[i]) end++;
    distinct.push(sorted[i]);
    ranks.push((i + 1 + end) / 2);
    i = end;
  }
  return (value) => {
    if (Number.isNaN(value)) return NaN;
    let low = 0;
    let high = distinct.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (distinct[middle] < value) low = middle + 1;
      else high = middle;
    }
    return ranks[low];
  };
}
