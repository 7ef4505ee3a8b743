import { estimationError } from "../analysis/estimation-error.ts";
import { everyone } from "../analysis/groups.ts";
import type { Run } from "../runs/run.ts";
import type { Compared } from "./compare.ts";

/** A number of a live run and the one of its simulation. */
export type MeasuredAndSimulated = Pick<Compared, "measured" | "simulated">;

/** Both numbers as text for readers, two digits after the point: `measured → simulated`. */
export function bothAsText({ measured, simulated }: MeasuredAndSimulated): string {
  return `${measured.toFixed(2)} → ${simulated.toFixed(2)}`;
}

/** Mean absolute error of the estimates in both runs, over the completed requests. */
export function estimationErrors(run: Run, simulated: Run): MeasuredAndSimulated {
  const errorOf = (of: Run) => estimationError(of, everyone(of).rows).mae;
  return { measured: errorOf(run), simulated: errorOf(simulated) };
}
