import { InputError } from "../errors/input-error.ts";
import type { Workload } from "../workload/workload.ts";
import { keepRows } from "../workload/transforms/keep-rows.ts";
import { type Run, STATUSES } from "./run.ts";
import { countsWords, policyNameOf } from "./scheduler-of-run.ts";

const COMPLETED = STATUSES.indexOf("completed");

/**
 * The requests of a run as a workload, to be served again under any policy: simulated ones, those of a
 * live run, of a benchmark, of the reference's `metrics.csv`. True lengths are those that came out.
 * Requests that were not completed are left out, because nobody knows how long their answers would
 * have been; the provenance says how many and how they ended. A cap that an answer exceeded (servers
 * count differently) is raised to it, and that is said too.
 *
 * Throws an InputError for a run without a completed request.
 *
 * @example
 * const again = simulate(workloadOfRun(run), { scheduler: { policy: "sjf" } });
 */
export function workloadOfRun(run: Run): Workload {
  const { requests, status, outputTokens, actualOutput, provenance } = run;
  const isServed = (row: number) => status[row] === COMPLETED && outputTokens[row] > 0;
  const ends = new Map<string, number>();
  let raised = 0;
  for (let row = 0; row < run.size; row++) {
    if (isServed(row)) {
      if (outputTokens[row] > requests.maxTokens[row]) raised++;
      continue;
    }
    const end = status[row] === COMPLETED ? "completed without output" : STATUSES[status[row]];
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  const whole: Workload = {
    name: `${provenance.workload.source}, as it was served`,
    requests: raised === 0 ? requests : {
      ...requests,
      maxTokens: requests.maxTokens.map((cap, row) => Math.max(cap, outputTokens[row])),
    },
    truth: {
      outputTokens,
      ...hasWords(run) && { outputWords: actualOutput.map((words) => Math.max(words, 0)) },
    },
    provenance: provenance.workload,
  };
  const left = Array.from(ends, ([end, rows]) => `${rows} ${end}`).join(", ");
  const policy = policyNameOf(provenance) ?? "an unknown policy";
  const workload = keepRows(
    whole,
    isServed,
    (kept) =>
      `the ${kept} completed requests of a run under ${policy}` +
      (left === "" ? "" : `; left out: ${left}`) +
      (raised === 0 ? "" : `; caps of ${raised} raised to their answers`),
  );
  if (workload.requests.size > 0) return workload;
  throw new InputError({
    file: "run",
    expected: "at least one completed request",
  });
}

/** Whether the lengths of answers in the run's own columns are words. */
function hasWords({ provenance, requests, status, actualOutput }: Run): boolean {
  return countsWords(provenance) && requests.promptWords !== undefined &&
    status.every((state, row) => state !== COMPLETED || actualOutput[row] >= 0);
}
