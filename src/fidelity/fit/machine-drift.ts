import { median } from "../../statistics/robust-regression.ts";

/** Steps in a row that share one speed: seconds of a log, long beside a stall. */
export const SEGMENT = 200;

/**
 * Tells a machine's drift from a server's cost. Neighbours and clocks slow a machine down for
 * seconds or minutes, or for a whole log; so each segment of a log gets a speed, the median of
 * measured over fitted, and the typical machine is the median of the segments' speeds.
 *
 * @param ratios shape (n): measured over fitted
 * @param logOf shape (n): the log of each, ascending
 * @returns shape (n): slowness of the observation's segment, 1 for the typical machine, 1.1 for a
 * slower one
 */
export function machineDrift(ratios: Float64Array, logOf: readonly number[]): Float64Array {
  const starts = [0];
  for (let i = 1; i < ratios.length; i++) {
    const start = starts[starts.length - 1];
    if (logOf[i] !== logOf[start] || i - start === SEGMENT) starts.push(i);
  }
  const speeds = starts.map((start, at) => median(ratios.subarray(start, starts[at + 1])));
  const typical = median(speeds);
  const slowness = new Float64Array(ratios.length);
  starts.forEach((start, at) => slowness.fill(speeds[at] / typical, start, starts[at + 1]));
  return slowness;
}
