import { InputError } from "../../errors/input-error.ts";
import type { Workload } from "../workload.ts";

/**
 * Refuses a workload of several phases with an InputError: their clocks start when the queue has
 * emptied, so that nothing is known of how they lie to one another in time.
 *
 * @param who name of the transform
 * @param instead what to do instead, in words
 */
export function refusePhases({ requests }: Workload, who: string, instead: string): void {
  if (requests.phases.length === 1) return;
  throw new InputError({
    file: who,
    field: "phases",
    value: requests.phases.map(({ name }) => name),
    expected: `one phase: ${instead}`,
  });
}
