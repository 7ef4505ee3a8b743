import * as aq from "arquero";
import { CLAIMS } from "../paper/claims/ledger.ts";
import type { GridView } from "./grid-view.ts";

/** Options of {@link effectAgainstBaseline}. */
export interface EffectOptions {
  /** @default "fifo" */
  readonly baseline?: string;
  /** @default "ema" */
  readonly calibration?: string;
  readonly counting: string;
  /** Group of requests. */
  readonly period: string;
  /** @default ["mean", "p50", "p90", "p95", "p99"] */
  readonly metrics?: readonly string[];
}

const paperOf = (id: string) => CLAIMS.find((claim) => claim.id === id)?.paper ?? null;

/**
 * Relative change of end-to-end latency against a baseline policy, paired by seed, with its interval
 * and the paper's number where it states one. Columns: `policy`, `metric`, `effect`, `low`, `high`,
 * `n`, `paper`.
 */
export function effectAgainstBaseline(
  grid: GridView,
  {
    baseline = "fifo",
    calibration = "ema",
    counting,
    period,
    metrics = ["mean", "p50", "p90", "p95", "p99"],
  }: EffectOptions,
): aq.ColumnTable {
  const stated: Record<string, number | null> = {
    "sjf/p50": paperOf("C3"),
    "sjf/p99": paperOf("C4"),
  };
  const policies = grid.policies.filter((policy) => policy !== baseline);
  return aq.from(policies.flatMap((policy) =>
    metrics.map((metric) => {
      const name = `e2e_${metric}_${period}`;
      const ours = grid.values(name, { policy, calibration, counting });
      const base = grid.values(name, { policy: baseline, calibration, counting });
      const interval = grid.interval(grid.perSeed((seed) => ours[seed] / base[seed] - 1));
      return { policy, metric, ...interval, paper: stated[`${policy}/${metric}`] ?? null };
    })
  ));
}
