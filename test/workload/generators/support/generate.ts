import { generateWorkload } from "../../../../src/workload/generators/generate-workload.ts";
import type { WorkloadSpecInput } from "../../../../src/workload/generators/workload-spec.ts";

export type Stream = WorkloadSpecInput["streams"][number];
export type ArrivalInput = Stream["arrivals"];
type Class = Stream["classes"][number];

/** A class whose lengths don't matter. */
export const anyClass: Class = {
  prompt: { model: "constant", tokens: 100 },
  output: { model: "constant", tokens: 50 },
};

/** Arrival times of a process. */
export function arrivalsOf(
  arrivals: ArrivalInput,
  rest: { seed?: number; requests?: number; seconds?: number },
): Float64Array {
  return generateWorkload({ ...rest, streams: [{ arrivals, classes: [anyClass] }] })
    .requests.arrival;
}

/** Gaps between arrivals, the first after time 0 included. */
export function gapsOf(arrival: Float64Array): Float64Array {
  return arrival.map((time, i) => i === 0 ? time : time - arrival[i - 1]);
}
