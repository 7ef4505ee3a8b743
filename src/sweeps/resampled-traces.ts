import { mapTiers } from "../workload/transforms/map-tiers.ts";
import { resampleBlocks } from "../workload/transforms/resample-blocks.ts";
import type { Workload } from "../workload/workload.ts";
import type { GridWorkload } from "./grid.ts";
import { columnsOf } from "./workload-source.ts";

/** Options of {@link resampledTraces}. */
export interface ResampledTracesOptions {
  /** Resampled traces; seeds are `1 … seeds`. */
  readonly seeds: number;
  /** Length of the blocks of time that are drawn with replacement. */
  readonly blockSeconds: number;
}

/**
 * Workloads of a grid from one real trace: each seed draws its own blocks of the trace's time and
 * shuffles its clients before it deals them to tiers, so that an interval over seeds speaks of both
 * the traffic and the assignment. See {@link resampleBlocks} and {@link mapTiers}.
 */
export function resampledTraces(
  trace: Workload,
  { seeds, blockSeconds }: ResampledTracesOptions,
): GridWorkload[] {
  return Array.from({ length: seeds }, (_, i): GridWorkload => {
    const seed = i + 1;
    const resampled = resampleBlocks(trace, { seed, blockSeconds });
    const dealt = mapTiers(resampled, { rule: "random", seed });
    return { source: columnsOf(dealt), labels: { seed } };
  });
}
