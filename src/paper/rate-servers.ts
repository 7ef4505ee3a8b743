import { bootstrapMean, type Interval } from "../statistics/bootstrap.ts";
import {
  type LoadOptions,
  measureCapacity,
  type NamedServer,
  type RatedServer,
} from "./load-grid.ts";

/** A server whose capacity was measured over several seeds. */
export interface MeasuredServer extends RatedServer {
  /** The capacity with its 95 % interval over the seeds, requests a second. */
  readonly interval: Interval;
}

/**
 * Measures the capacity of each server, see {@link measureCapacity}: the mean over the seeds, and its
 * 95 % percentile bootstrap interval.
 *
 * @example
 * const servers = rateServers([{ name: "micro-batch", base: {} }], { seeds: 3 });
 */
export function rateServers(
  servers: readonly NamedServer[],
  options: LoadOptions,
): MeasuredServer[] {
  return servers.map((server) => {
    const interval = bootstrapMean(measureCapacity(server, options));
    return { ...server, capacity: interval.effect, interval };
  });
}
