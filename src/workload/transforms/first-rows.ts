import { InputError } from "../../errors/input-error.ts";
import type { Phase, Workload } from "../workload.ts";
import { takeRows } from "./take-rows.ts";
import { withStep } from "./with-step.ts";

/** The first `count` requests of a workload, with the phases that they are in. */
export function firstRows(workload: Workload, count: number): Workload {
  const { size, arrival, phases } = workload.requests;
  if (!Number.isInteger(count) || count < 1 || count > size) {
    throw new InputError({
      file: "firstRows",
      field: "count",
      value: count,
      expected: `an integer from 1 to ${size}, the requests of ${workload.name}`,
    });
  }
  if (count === size) return workload;
  const [first, ...rest] = phases;
  const kept: [Phase, ...Phase[]] = [first, ...rest.filter((phase) => phase.first < count)];
  return takeRows(workload, {
    rows: Int32Array.from({ length: count }, (_, row) => row),
    arrival: arrival.slice(0, count),
    phases: kept,
  }, withStep(workload, `first ${count} of ${size} requests`));
}
