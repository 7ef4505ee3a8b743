import * as aq from "arquero";
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import { known } from "../statistics/known.ts";
import { mergeSorted } from "../statistics/merge-sorted.ts";
import { quantileSorted } from "../statistics/quantile.ts";
import { everyone } from "./groups.ts";
import { latencyOf } from "./latency.ts";
import { bySetting, type VariantRun } from "./variant-run.ts";

/** Options of {@link firstTokenTails}. */
export interface FirstTokenTailsOptions {
  /** Points of a curve, evenly spaced in the logarithm of the share. @default 41 */
  readonly points?: number;
  /** The smallest share drawn. @default 0.001 */
  readonly least?: number;
}

/** Shares that people ask for are points of their own. */
const QUANTILES = [0.5, 0.01];

/**
 * Complementary distribution of TTFT, all seeds of a variant pooled: the `share` of requests that wait
 * longer than `seconds` for their first token. Columns: `setting`, `variant`, `share`, `seconds`.
 */
export function firstTokenTails(
  runs: readonly VariantRun[],
  { points = 41, least = 0.001 }: FirstTokenTailsOptions = {},
): aq.ColumnTable {
  const even = Array.from({ length: points }, (_, i) => exp(log(least) * i / (points - 1)));
  const shares = [...even, ...QUANTILES.filter((share) => share > least)].sort((a, b) => b - a);
  return aq.from(
    bySetting(runs).flatMap(({ setting, variants }) =>
      [...variants].flatMap(([variant, of]) => {
        const sorted = mergeSorted(
          of.map(({ run }) => known(latencyOf(run, "ttft", everyone(run).rows)).sort()),
        );
        return shares.map((share) => ({
          ...{ setting, variant, share },
          seconds: quantileSorted(sorted, 1 - share),
        }));
      })
    ),
  );
}
