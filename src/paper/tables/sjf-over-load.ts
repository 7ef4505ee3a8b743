import * as aq from "arquero";
import { effectOverLoad, type EffectRow } from "../../analysis/effect-over-load.ts";
import type { LoadView } from "../../analysis/load-views.ts";
import type { ClaimScope } from "../claims/claim.ts";
import { SJF } from "../policies.ts";

/** A relative change in whole percent, with its sign. */
function wholePercent(change: number): string {
  const percent = Math.round(100 * change);
  return `${percent < 0 ? "−" : percent > 0 ? "+" : ""}${Math.abs(percent)} %`;
}

/**
 * The change of latency by SJF against FIFO at each load, calibration on, as text for readers: the
 * mean change and its interval in whole percent. Columns: `trace` (the view's server), `load` (text),
 * `median`, `P99`; a dash where no seed has a request. One row a view.
 */
export function sjfOverLoad(views: readonly LoadView[], scope: ClaimScope): aq.ColumnTable {
  const rows = effectOverLoad(views, { ...scope, metrics: ["p50", "p99"] })
    .objects() as EffectRow[];
  return aq.from(views.map(({ server, load }) => {
    const change = (metric: string) => {
      const found = rows.find((row) =>
        row.policy === SJF && row.server === server && row.load === load && row.metric === metric
      );
      if (found === undefined) return "–";
      const [effect, low, high] = [found.effect, found.low, found.high].map(wholePercent);
      return `${effect} (${low} to ${high})`;
    };
    return { trace: server, load: String(load), median: change("p50"), P99: change("p99") };
  }));
}
