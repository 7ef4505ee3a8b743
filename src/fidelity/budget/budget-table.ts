import * as aq from "arquero";
import type { RunMetric } from "../run-metrics.ts";
import { signedPercent } from "../signed-percent.ts";
import { BUDGET_PARTS, type ErrorBudget } from "./error-budget.ts";

/** The budget of a run's errors, or in words why there is none. */
export interface RunBudget {
  readonly run: string;
  readonly budget: ErrorBudget | string;
}

/**
 * Whose error an error is. Columns, as text: `run`, `metric`, `error` (simulated against measured), then
 * `step cost`, `decisions`, `KV blocks`, `client` with the part of the error that is each one's and, in
 * brackets, the error that is left where it alone is replaced by its record; `unexplained`. The parts
 * and `unexplained` sum up to the error, in percent of the measured number. Runs without a budget are
 * left out.
 */
export function budgetTable(
  runs: readonly RunBudget[],
  metrics: readonly RunMetric[] = ["e2e_p50", "e2e_p99"],
): aq.ColumnTable {
  return aq.from(runs.flatMap(({ run, budget }) => {
    if (typeof budget === "string") return [];
    return metrics.map((metric) => {
      const { error_pct, share_pct, alone_pct, unexplained_pct } = budget.metrics[metric];
      const parts = BUDGET_PARTS.map((part) => [
        part,
        part in budget.same
          ? "0"
          : `${signedPercent(share_pct[part])} (${signedPercent(alone_pct[part])})`,
      ]);
      return {
        run,
        metric,
        error: signedPercent(error_pct),
        ...Object.fromEntries(parts) as Record<string, string>,
        unexplained: signedPercent(unexplained_pct),
      };
    });
  }));
}
