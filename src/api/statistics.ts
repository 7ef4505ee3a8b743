/**
 * Intervals, correlations and distances.
 *
 * @module
 */
export { bootstrapMean, type Interval, replicateInterval } from "../statistics/bootstrap.ts";
export { correlation, logCorrelation, rankCorrelation } from "../statistics/correlation.ts";
export { ksDistance, ksDistanceTo, ksProbability } from "../statistics/kolmogorov-smirnov.ts";
export { coefficientOfVariation } from "../statistics/moments.ts";
export { quantileSorted } from "../statistics/quantile.ts";
