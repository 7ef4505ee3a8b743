import * as z from "zod";
import { parseWith } from "../../errors/parse-with.ts";
import { phaseEnd, type Workload } from "../workload.ts";
import { withStep } from "./with-step.ts";

const Seconds = z.number().min(0).max(1e9);

/**
 * Lets the rate of arrivals grow from 0 to the workload's own, linearly over the first `seconds` of
 * the first phase. What would have come in the first half of that time comes stretched over the whole
 * of it (t → √(2·seconds·t)), the rest of the phase half of it later. Order, number and lengths stay.
 *
 * @example
 * workloads.rampUp(workload, 60); // a minute until the full rate
 */
export function rampUp(workload: Workload, seconds: number): Workload {
  parseWith(z.strictObject({ seconds: Seconds }), { seconds }, "rampUp");
  const { requests } = workload;
  const arrival = requests.arrival.slice();
  const end = phaseEnd(requests, 0);
  for (let row = 0; row < end; row++) {
    const at = arrival[row];
    arrival[row] = at < seconds / 2 ? Math.sqrt(2 * seconds * at) : at + seconds / 2;
  }
  return {
    ...workload,
    requests: { ...requests, arrival },
    provenance: withStep(workload, `rate grows over the first ${seconds} s`),
  };
}
