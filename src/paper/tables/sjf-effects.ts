import * as aq from "arquero";
import { effectOverLoad, type EffectRow } from "../../analysis/effect-over-load.ts";
import type { LoadView } from "../../analysis/load-views.ts";
import type { ClaimScope } from "../claims/claim.ts";
import { CALIBRATION_OFF, PAPER_CALIBRATIONS, SJF } from "../policies.ts";
import { PAPER_EFFECTS } from "../stated-effects.ts";

/**
 * The change of median and P99 latency by SJF against FIFO, with calibration off and on, beside the
 * change that the paper states. Columns: `server`, `load`, `metric`, `calibration` (off, on),
 * `effect`, `low`, `high`, `paper`, `share of the paper's` (negative: the latency changes the other
 * way). One row for each server, load, metric and calibration, in this order. Source: driftsched
 * reference, claims C3 and C4.
 */
export function sjfEffects(views: readonly LoadView[], scope: ClaimScope): aq.ColumnTable {
  const rows = PAPER_CALIBRATIONS.flatMap((calibration) =>
    (effectOverLoad(views, { ...scope, calibration, stated: PAPER_EFFECTS })
      .objects() as EffectRow[])
      .filter(({ policy }) => policy === SJF)
      .map(({ policy: _, server, load, metric, effect, low, high, paper }) => ({
        server,
        load,
        metric,
        calibration: calibration === CALIBRATION_OFF ? "off" : "on",
        effect,
        low,
        high,
        paper,
        "share of the paper's": effect / paper!,
      }))
  );
  const together = Map.groupBy(rows, ({ server, load, metric }) => `${server}/${load}/${metric}`);
  return aq.from([...together.values()].flat());
}
