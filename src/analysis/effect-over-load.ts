import * as aq from "arquero";
import { effectAgainstBaseline, type EffectOptions } from "./effect-against-baseline.ts";
import type { LoadView } from "./load-views.ts";

/** A row of {@link effectOverLoad}. */
export interface EffectRow {
  readonly server: string;
  /** Multiple of the server's capacity. */
  readonly load: number;
  readonly policy: string;
  readonly metric: string;
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  /** null where nothing is stated. */
  readonly paper: number | null;
}

/**
 * {@link effectAgainstBaseline} at every server and load. Columns: `server`, `load` (multiple of the
 * server's capacity), `policy`, `metric`, `effect`, `low`, `high`, `n`, `paper`, `baseline`.
 */
export function effectOverLoad(
  views: readonly LoadView[],
  { metrics = ["p50", "p99"], ...options }: EffectOptions,
): aq.ColumnTable {
  return aq.from(
    views.flatMap(({ server, load, view }) =>
      effectAgainstBaseline(view, { metrics, ...options }).objects()
        .map((row) => ({ server, load, ...row }))
    ),
  );
}
