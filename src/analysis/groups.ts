import { STATUSES } from "../runs/run.ts";
import type { Run } from "../runs/run.ts";
import { phaseEnd } from "../workload/workload.ts";

/**
 * Which completed requests of a run: those of a phase, a tier, a category, a part, or of several of
 * these at once. What is left out does not narrow them.
 */
export interface GroupScope {
  readonly phase?: string;
  readonly tier?: string;
  /** The category that the client meant. */
  readonly category?: string;
  /** `late`: the last third of arrivals, see {@link latePart}. */
  readonly part?: "late";
}

/** A named set of rows of a run. */
export interface Group {
  /** Name to be read, such as `stress_premium`; what tells groups apart is `scope`. */
  readonly name: string;
  readonly scope: GroupScope;
  /** Row numbers, ascending. */
  readonly rows: Int32Array;
}

/** The share of a run's requests, by order of arrival, that counts as its late part. */
export const LATE_SHARE = 1 / 3;

function rowsWhere(run: Run, test: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(run.size);
  let n = 0;
  for (let row = 0; row < run.size; row++) if (test(row)) rows[n++] = row;
  return rows.subarray(0, n);
}

const COMPLETED = STATUSES.indexOf("completed");

/** All completed requests. */
export function everyone(run: Run): Group {
  return { name: "all", scope: {}, rows: rowsWhere(run, (row) => run.status[row] === COMPLETED) };
}

/** Completed requests of each phase, by the phase's name. */
export function byPhase(run: Run): Group[] {
  return run.requests.phases.map(({ name, first }, phase) => {
    const end = phaseEnd(run.requests, phase);
    return {
      name,
      scope: { phase: name },
      rows: rowsWhere(run, (row) => row >= first && row < end && run.status[row] === COMPLETED),
    };
  });
}

/** Name of a part of a group; everyone adds nothing to it. */
function nameWithin({ name, scope }: Group, part: string): string {
  return Object.keys(scope).length === 0 ? part : `${name}_${part}`;
}

/** The rows of `group` by tier, named `<group>_<tier>`, or `<tier>` within everyone. */
export function byTier(run: Run, group: Group): Group[] {
  const { codes, names } = run.requests.tier;
  return names.map((name, code) => ({
    name: nameWithin(group, name),
    scope: { ...group.scope, tier: name },
    rows: group.rows.filter((row) => codes[row] === code),
  }));
}

/** The rows of `group` by the category that the client meant. */
export function byCategory(run: Run, group: Group): Group[] {
  const { codes, names } = run.requests.category;
  return names.map((name, code) => ({
    name: nameWithin(group, name),
    scope: { ...group.scope, category: name },
    rows: group.rows.filter((row) => codes[row] === code),
  }));
}

/** Completed requests among the last third of arrivals. */
export function latePart(run: Run): Group {
  // Rounded, for 3000 × (1 − 1/3) is a little more than 2000.
  const first = Math.round(run.size * (1 - LATE_SHARE));
  return {
    name: "late",
    scope: { part: "late" },
    rows: rowsWhere(run, (row) => row >= first && run.status[row] === COMPLETED),
  };
}
