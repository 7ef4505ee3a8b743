import { type Grid, joinGrids } from "../sweeps/grid.ts";
import { resampledTraces } from "../sweeps/resampled-traces.ts";
import { arrivalSpan } from "../workload/statistics/arrivals.ts";
import { scaleToUtilisation } from "../workload/transforms/scale-to-rate.ts";
import { crossGrid } from "./grid.ts";
import { CALIBRATION_ON, COUNTING_TOKENS, PAPER_CALIBRATIONS } from "./policies.ts";
import type { RatedTrace } from "./rate-traces.ts";

/** Options of {@link traceLoadGrid}. */
export interface TraceLoadGridOptions {
  /** Resampled traces, each with its own assignment of tenants to tiers. */
  readonly seeds: number;
  /** Blocks that the trace's time is cut into to be resampled. */
  readonly blocks: number;
  /** Offered loads, multiples of the server's capacity for the trace. */
  readonly loads: readonly number[];
  /** Those of them that run with calibration off, too, as the claims need. */
  readonly claimsLoads: readonly number[];
}

/**
 * The paper's five policies on a real trace, over offered load: its time is scaled to each load, and
 * every load gets the same resampled traces. Lengths are counted in tokens. Labels: `server` (the
 * trace), `load` (multiple of the capacity), `rate` (requests a second), `seed`, and those of
 * `crossGrid`.
 */
export function traceLoadGrid(
  { trace, workload, base, capacity }: RatedTrace,
  { seeds, blocks, loads, claimsLoads }: TraceLoadGridOptions,
): Grid {
  return joinGrids(loads.map((load) => {
    const scaled = scaleToUtilisation(workload, { utilisation: load, capacity });
    const blockSeconds = arrivalSpan(scaled.requests) / blocks;
    const workloads = resampledTraces(scaled, { seeds, blockSeconds }).map((each) => ({
      ...each,
      labels: { server: trace, load, rate: load * capacity, ...each.labels },
    }));
    const calibrations = claimsLoads.includes(load) ? PAPER_CALIBRATIONS : [CALIBRATION_ON];
    return crossGrid(workloads, { countings: [COUNTING_TOKENS], calibrations, base });
  }));
}
