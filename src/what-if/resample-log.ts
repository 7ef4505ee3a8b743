import { substream, uniformInt } from "../random/substream.ts";
import { arrivalSpan } from "../workload/statistics/arrivals.ts";
import { resampleBlocks } from "../workload/transforms/resample-blocks.ts";
import { takeRows } from "../workload/transforms/take-rows.ts";
import { withStep } from "../workload/transforms/with-step.ts";
import type { Workload } from "../workload/workload.ts";

/** Blocks of time that a log is cut into: long enough for bursts, many enough for an interval. */
const BLOCKS = 20;
/** Requests of a block at least, on the average. */
const LEAST_IN_BLOCK = 5;

/** Length of the blocks in which a log is resampled, seconds; 0: request by request. */
export function blockSecondsOf({ requests }: Workload): number {
  const span = arrivalSpan(requests);
  return span > 0 && requests.size >= BLOCKS * LEAST_IN_BLOCK ? span / BLOCKS : 0;
}

/**
 * The log as the same traffic might have been: blocks of its time drawn with replacement, see
 * `resampleBlocks`. One that is too short for blocks, or whose requests all arrive at once, keeps its
 * arrivals, and who arrives is drawn.
 */
export function resampleLog(workload: Workload, seed: number): Workload {
  const blockSeconds = blockSecondsOf(workload);
  if (blockSeconds > 0) return resampleBlocks(workload, { seed, blockSeconds });
  const { requests } = workload;
  const random = substream(seed, "resample-log");
  const rows = Int32Array.from({ length: requests.size }, () => uniformInt(random, requests.size));
  return takeRows(
    workload,
    { rows, arrival: requests.arrival, phases: requests.phases },
    withStep(workload, `requests drawn with replacement, seed ${seed}`),
  );
}
