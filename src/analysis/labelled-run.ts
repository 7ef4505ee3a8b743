import type { Run } from "../runs/run.ts";

/** A run with the labels that tables and figures group it by. */
export interface LabelledRun {
  readonly run: Run;
  readonly policy: string;
  readonly calibration: string;
  readonly counting: string;
  readonly seed: number;
}

/** Groups runs by the labels that `key` names; the order of first appearance is kept. */
export function groupRuns(
  runs: readonly LabelledRun[],
  key: (run: LabelledRun) => string,
): LabelledRun[][] {
  return [...Map.groupBy(runs, key).values()];
}
