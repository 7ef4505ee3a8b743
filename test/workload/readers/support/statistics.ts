/** Quantile by linear interpolation between order statistics (numpy's default). */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Array.from(values).sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  return mean(Array.from(values, (value) => (value - centre) ** 2));
}

/** Mean, median, 90 % and 99 % quantile, rounded, as traces.md §1 lists them. */
export function summary(values: ArrayLike<number>): number[] {
  return [mean(values), quantile(values, 0.5), quantile(values, 0.9), quantile(values, 0.99)]
    .map(Math.round);
}

/** Correlation of log(1 + x), which is what the notes on the traces list. */
export function logCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const a = Array.from(x, Math.log1p);
  const b = Array.from(y, Math.log1p);
  const both = mean(a.map((value, i) => (value - mean(a)) * (b[i] - mean(b))));
  return both / Math.sqrt(variance(a) * variance(b));
}

/** Index of dispersion: variance over mean of the counts in bins of `seconds`; 1 is Poisson. */
export function dispersion(arrival: Float64Array, seconds: number): number {
  const bins = new Float64Array(Math.ceil(arrival[arrival.length - 1] / seconds));
  for (const at of arrival) if (at / seconds < bins.length) bins[Math.floor(at / seconds)]++;
  return variance(bins) / mean(bins);
}
