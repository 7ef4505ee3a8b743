import { type Phase, phaseEnd, type Workload } from "../workload.ts";
import { takeRows } from "./take-rows.ts";

/**
 * The rows of a workload that pass a test, with the step told. Phases keep name, clock and pause; one
 * of which no row is left is left out, and the step says so. Where no row is left at all, the first
 * phase stays, empty.
 *
 * @param keep whether row i stays; asked once a row, in order
 */
export function keepRows(
  workload: Workload,
  keep: (row: number) => boolean,
  step: (kept: number) => string,
): Workload {
  const { requests } = workload;
  const rows = new Int32Array(requests.size);
  const phases: Phase[] = [];
  const gone: string[] = [];
  let kept = 0;
  requests.phases.forEach((phase, index) => {
    const first = kept;
    const end = phaseEnd(requests, index);
    for (let row = phase.first; row < end; row++) if (keep(row)) rows[kept++] = row;
    if (kept > first) phases.push({ ...phase, first });
    else gone.push(phase.name);
  });
  const taken = rows.slice(0, kept);
  const [first = { ...requests.phases[0], first: 0 }, ...others] = phases;
  const told = step(kept) +
    (phases.length > 0 && gone.length > 0 ? `; nothing left of phase ${gone.join(", ")}` : "");
  return takeRows(workload, {
    rows: taken,
    arrival: Float64Array.from(taken, (row) => requests.arrival[row]),
    phases: [{ ...first, afterDrainSeconds: 0 }, ...others],
  }, { ...workload.provenance, steps: [...workload.provenance.steps ?? [], told] });
}
