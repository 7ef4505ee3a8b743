import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { phaseEnd, type Workload } from "../workload.ts";
import { lowerBound } from "./lower-bound.ts";
import { takeRows } from "./take-rows.ts";
import { withStep } from "./with-step.ts";

/** Which stretch of time to keep. */
export const TimeWindowOptions = z.strictObject({
  /** Seconds on the phase's clock; this instant belongs to the window. */
  from: z.number().min(0).default(0),
  /** The first instant after it. */
  to: z.number().default(Infinity).or(z.literal(Infinity)),
  /** Name of the phase; needed where there are several. */
  phase: z.string().optional(),
  /** Whether time 0 of the result is `from`; else arrivals keep their times. */
  rebase: z.boolean().default(true),
}).refine(({ from, to }) => from < to, { path: ["to"], error: "a time after from" });
export type TimeWindowOptions = z.input<typeof TimeWindowOptions>;

/**
 * The requests that arrive in [from, to) of one phase, as a workload of that phase alone. Of several
 * phases one has to be named, as each has a clock of its own. Throws an InputError for a window that
 * is empty, and for a phase that is missing.
 *
 * @example
 * const secondHour = workloads.timeWindow(trace, { from: 3600, to: 7200 });
 */
export function timeWindow(workload: Workload, options: TimeWindowOptions): Workload {
  const { from, to, phase: name, rebase } = parseWith(
    TimeWindowOptions,
    options,
    "timeWindow options",
  );
  const { requests } = workload;
  const index = phaseIndex(workload, name);
  const phase = requests.phases[index];
  const times = requests.arrival.subarray(phase.first, phaseEnd(requests, index));
  const begin = lowerBound(times, from);
  const end = lowerBound(times, to);
  const origin = rebase ? from : 0;
  return takeRows(
    workload,
    {
      rows: Int32Array.from({ length: end - begin }, (_, i) => phase.first + begin + i),
      arrival: times.slice(begin, end).map((time) => time - origin),
      phases: [{ name: phase.name, first: 0, afterDrainSeconds: 0 }],
    },
    withStep(
      workload,
      `window from ${from} s to ${to} s${
        requests.phases.length > 1 ? ` of phase ${phase.name}` : ""
      }` +
        `${rebase && from > 0 ? ", which starts at time 0" : ""}: ${end - begin} of ` +
        `${requests.size} requests`,
    ),
  );
}

function phaseIndex({ requests: { phases } }: Workload, name: string | undefined): number {
  if (name === undefined && phases.length === 1) return 0;
  const index = phases.findIndex((phase) => phase.name === name);
  if (index >= 0) return index;
  throw new InputError({
    file: "timeWindow options",
    field: "phase",
    value: name,
    expected: `the name of a phase: ${phases.map((phase) => phase.name).join(", ")}`,
  });
}
