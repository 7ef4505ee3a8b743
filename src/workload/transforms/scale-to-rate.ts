import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { arrivalRate } from "../statistics/arrivals.ts";
import type { Workload } from "../workload.ts";
import { stretchTime } from "./scale-time.ts";

const Positive = z.number().positive().max(1e9);
const RateOptions = z.strictObject({ rate: Positive });
const LoadOptions = z.strictObject({ utilisation: Positive, capacity: Positive });

/**
 * Stretches or compresses time so that the mean rate (one over the mean gap) is `rate` requests a
 * second; all else as in `scaleTime`. Of several phases the mean over all of them becomes `rate`:
 * they keep their rates in proportion, and their pauses are scaled with them. Throws an InputError
 * for a rate that is not positive, and for a workload that has none (fewer than two requests, or all
 * at one instant).
 *
 * @example
 * const workload = workloads.scaleToRate(trace, 3.5);
 */
export function scaleToRate(workload: Workload, rate: number): Workload {
  parseWith(RateOptions, { rate }, "scaleToRate");
  const factor = rateOf(workload, "scaleToRate") / rate;
  return stretchTime(workload, factor, `time multiplied by ${factor}: ${rate} requests a second`);
}

/** What a server bears. */
export interface ServerLoad {
  /** Offered load: rate over capacity. Below 1 the server keeps up, above 1 its queue grows. */
  readonly utilisation: number;
  /**
   * Requests of this workload's mix that the server completes a second while it is full;
   * `serverCapacity` measures it on an engine.
   */
  readonly capacity: number;
}

/**
 * Scales time so that the workload offers a server a share of its capacity; phases as in
 * {@link scaleToRate}. Throws an InputError for numbers that are not positive, and for a workload
 * without a rate.
 *
 * @example
 * const capacity = serverCapacity(trace, { dispatch: { rule: "in-flight", window: 64 } });
 * const busy = workloads.scaleToUtilisation(trace, { utilisation: 0.8, capacity });
 */
export function scaleToUtilisation(workload: Workload, load: ServerLoad): Workload {
  const { utilisation, capacity } = parseWith(LoadOptions, load, "scaleToUtilisation");
  const factor = rateOf(workload, "scaleToUtilisation") / (utilisation * capacity);
  return stretchTime(
    workload,
    factor,
    `time multiplied by ${factor}: utilisation ${utilisation} of a server that completes ` +
      `${capacity} requests a second`,
  );
}

/**
 * Offered load: the workload's mean rate over what a server completes a second while it is full. NaN
 * for a workload without a rate.
 *
 * @example
 * workloads.offeredLoad(trace, 4); // 2.5 requests a second: 0.625
 */
export function offeredLoad({ requests }: Workload, capacity: number): number {
  return arrivalRate(requests) / capacity;
}

function rateOf({ requests }: Workload, file: string): number {
  const rate = arrivalRate(requests);
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new InputError({
    file,
    field: "arrival",
    value: `${requests.size} requests`,
    expected: "at least two requests at different instants; otherwise there is no rate to scale",
  });
}
