import * as aq from "arquero";
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import { quantileSorted } from "../statistics/quantile.ts";
import { type EndedRequests, endToEnd } from "./ended-requests.ts";

/** A policy's run as measured and as simulated. */
export interface RecordedPolicy {
  readonly policy: string;
  readonly measured: EndedRequests;
  readonly simulated: EndedRequests;
}

/** Options of {@link recordedTail}. */
export interface RecordedTailOptions {
  /** Points per curve, evenly spaced in the logarithm of the share. @default 41 */
  readonly points?: number;
}

/** Shares that people ask for: P50, P90 and P99 are points of their own. */
const QUANTILES = [0.5, 0.1, 0.01];

/**
 * Complementary distribution of end-to-end latency, measured beside simulated: the `share` of
 * requests slower than `seconds`, down to the share that one request is; requests that never ended are
 * left out, and a side where none has. Columns: `policy`, `source`
 * (`measured`, `simulated`), `share`, `seconds`.
 */
export function recordedTail(
  policies: readonly RecordedPolicy[],
  { points = 41 }: RecordedTailOptions = {},
): aq.ColumnTable {
  return aq.from(
    policies.flatMap(({ policy, ...sides }) =>
      (["measured", "simulated"] as const).flatMap((source) => {
        const sorted = endToEnd(sides[source]).filter((e2e) => e2e >= 0).sort();
        if (sorted.length === 0) return [];
        const even = Array.from(
          { length: points },
          (_, i) => exp(-log(sorted.length) * i / (points - 1)),
        );
        return [...even, ...QUANTILES.filter((share) => share * sorted.length >= 1)]
          .sort((a, b) => b - a)
          .map((share) => ({ policy, source, share, seconds: quantileSorted(sorted, 1 - share) }));
      })
    ),
  );
}
