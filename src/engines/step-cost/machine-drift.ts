import { median } from "./robust-regression.ts";

/** Steps in a row that share one speed: seconds of a log, long beside a stall. */
const SEGMENT = 200;

/** How fast the machine was while each observation was made. */
export interface MachineDrift {
  /** Shape (n): speed of the observation's segment, 1 for the undisturbed machine, 1.1 for slower. */
  readonly slowness: Float64Array;
  /** Shape (n): 1 where the segment belongs to the undisturbed ones. */
  readonly quiet: Uint8Array;
}

/**
 * Tells a machine's drift from a server's cost. Neighbours slow a machine down for seconds or
 * minutes; so each segment of a log gets a speed, the median of measured over fitted. The
 * undisturbed machine is where speeds crowd: the shorth, that is, the mean of the shortest interval
 * that holds half of them (D. F. Andrews et al., Robust Estimates of Location, 1972).
 *
 * @param ratios shape (n): measured over fitted
 * @param logOf shape (n): the log of each, ascending
 */
export function machineDrift(ratios: Float64Array, logOf: readonly number[]): MachineDrift {
  const starts = [0];
  for (let i = 1; i < ratios.length; i++) {
    const start = starts[starts.length - 1];
    if (logOf[i] !== logOf[start] || i - start === SEGMENT) starts.push(i);
  }
  const speeds = starts.map((start, at) => median(ratios.subarray(start, starts[at + 1])));
  const [low, high] = shortestHalf(speeds);
  const crowd = speeds.filter((speed) => speed >= low && speed <= high);
  const undisturbed = crowd.reduce((sum, speed) => sum + speed, 0) / crowd.length;
  const slowness = new Float64Array(ratios.length);
  const quiet = new Uint8Array(ratios.length);
  starts.forEach((start, at) => {
    const end = starts[at + 1] ?? ratios.length;
    slowness.fill(speeds[at] / undisturbed, start, end);
    if (speeds[at] >= low && speeds[at] <= high) quiet.fill(1, start, end);
  });
  return { slowness, quiet };
}

function shortestHalf(values: readonly number[]): [number, number] {
  const sorted = Float64Array.from(values).sort();
  const half = (sorted.length >> 1) + 1;
  let best = 0;
  for (let from = 1; from + half <= sorted.length; from++) {
    if (sorted[from + half - 1] - sorted[from] < sorted[best + half - 1] - sorted[best]) {
      best = from;
    }
  }
  return [sorted[best], sorted[Math.min(best + half, sorted.length) - 1]];
}
