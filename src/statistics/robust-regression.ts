/** Options of {@link robustRegression}. */
export interface RobustOptions {
  /**
   * Relative residual, in robust standard deviations, beyond which an observation loses weight.
   *
   * @default 1.345, where Huber's estimator keeps 95 % of least squares' efficiency
   */
  readonly threshold?: number;
  /** Rounds of reweighting at most. @default 60 */
  readonly rounds?: number;
}

const SINGULAR = 1e-10;
const TOLERANCE = 1e-5;

/**
 * Coefficients ≥ 0 of a linear model `rows · coefficients ≈ values`, by Huber's M-estimator on
 * *relative* residuals (a step's scatter grows with its length), solved by iteratively reweighted
 * least squares; the scale is the normalised median absolute deviation. A stall of a noisy machine
 * weighs as much as a residual of `threshold` deviations, however long it is. A coefficient that
 * would be negative is held at 0 (a cost can't be), and so is one that the data don't determine.
 *
 * Source: P. J. Huber, Robust Statistics, 1981, §7.8.
 *
 * @param rows shape (n, k)
 * @param values shape (n), > 0
 * @returns shape (k)
 */
export function robustRegression(
  rows: readonly Float64Array[],
  values: Float64Array,
  { threshold = 1.345, rounds = 60 }: RobustOptions = {},
): Float64Array {
  const weights = Float64Array.from(values, (value) => 1 / (value * value));
  let coefficients = nonNegative(rows, values, weights);
  for (let round = 0; round < rounds; round++) {
    const fitted = rows.map((row) => Math.max(dot(row, coefficients), Number.MIN_VALUE));
    const residuals = Float64Array.from(values, (value, i) => (value - fitted[i]) / fitted[i]);
    const scale = 1.4826 * median(residuals.map(Math.abs)) || Number.MIN_VALUE;
    for (let i = 0; i < values.length; i++) {
      const share = Math.abs(residuals[i]) / (threshold * scale);
      weights[i] = (share > 1 ? 1 / share : 1) / (fitted[i] * fitted[i]);
    }
    const next = nonNegative(rows, values, weights);
    const moved = next.reduce(
      (most, value, j) => Math.max(most, Math.abs(value - coefficients[j]) / (value || 1)),
      0,
    );
    coefficients = next;
    if (moved < TOLERANCE) break;
  }
  return coefficients;
}

/** Weighted least squares; the most negative coefficient leaves the model until none is left. */
function nonNegative(
  rows: readonly Float64Array[],
  values: Float64Array,
  weights: Float64Array,
): Float64Array {
  const k = rows[0].length;
  const gram = Array.from({ length: k }, () => new Float64Array(k));
  const moment = new Float64Array(k);
  rows.forEach((row, i) => {
    for (let a = 0; a < k; a++) {
      if (row[a] === 0) continue;
      const weighted = weights[i] * row[a];
      moment[a] += weighted * values[i];
      for (let b = 0; b < k; b++) gram[a][b] += weighted * row[b];
    }
  });
  let active = Array.from({ length: k }, (_, j) => j).filter((j) => gram[j][j] > 0);
  for (;;) {
    const solved = solve(gram, moment, active);
    const worst = active.reduce((at, j) => solved[j] < solved[at] ? j : at, active[0]);
    if (active.length === 0 || solved[worst] >= 0) return solved;
    active = active.filter((j) => j !== worst);
  }
}

/** Solves the normal equations over `active` by Cholesky, each unknown scaled to unit diagonal. */
function solve(
  gram: readonly Float64Array[],
  moment: Float64Array,
  active: readonly number[],
): Float64Array {
  const scale = active.map((j) => 1 / Math.sqrt(gram[j][j]));
  const lower: number[][] = [];
  const forward: number[] = [];
  active.forEach((j, row) => {
    lower.push([]);
    for (let column = 0; column <= row; column++) {
      let sum = gram[j][active[column]] * scale[row] * scale[column];
      for (let i = 0; i < column; i++) sum -= lower[row][i] * lower[column][i];
      // What others explain wholly gets an infinite pivot, that is, 0.
      lower[row].push(
        column < row ? sum / lower[column][column] : sum > SINGULAR ? Math.sqrt(sum) : Infinity,
      );
    }
    let sum = moment[j] * scale[row];
    for (let i = 0; i < row; i++) sum -= lower[row][i] * forward[i];
    forward.push(sum / lower[row][row]);
  });
  const result = new Float64Array(gram.length);
  for (let row = active.length - 1; row >= 0; row--) {
    let sum = forward[row];
    for (let i = row + 1; i < active.length; i++) sum -= lower[i][row] * forward[i];
    forward[row] = sum / lower[row][row];
    result[active[row]] = forward[row] * scale[row];
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Median of a column; NaN when it is empty. */
export function median(values: Float64Array | readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
