import * as aq from "arquero";
import type { LoadView } from "../../analysis/load-views.ts";
import { starvationByGroup } from "../../analysis/starvation-by-group.ts";
import type { ClaimScope } from "../claims/claim.ts";

/** Columns of {@link starvationByGroup} that are read here. */
interface StarvationRow {
  readonly server: string;
  readonly load: number;
  readonly policy: string;
  readonly group: string;
  readonly starved: number;
  readonly longest: number;
}

/**
 * The two groups that starve most, over load: reports under SJF and the batch tier under strict
 * priority. Columns: `server`, `load`, the starved share of each group, and the longest wait to be
 * served in each, seconds; NaN where a view lacks the policy. Needs summaries with `starvation`.
 */
export function starvedOverLoad(views: readonly LoadView[], scope: ClaimScope): aq.ColumnTable {
  const groups = { tiers: ["batch"], categories: ["report"] };
  const rows = starvationByGroup(views, { ...scope, ...groups }).objects() as StarvationRow[];
  return aq.from(views.map(({ server, load }) => {
    const of = (policy: string, group: string) =>
      rows.find((row) =>
        row.server === server && row.load === load && row.policy === policy && row.group === group
      );
    const reports = of("sjf", "report");
    const batch = of("priority", "batch");
    return {
      server,
      load,
      "reports under SJF": reports?.starved ?? NaN,
      "their longest wait, s": reports?.longest ?? NaN,
      "batch tier under priority": batch?.starved ?? NaN,
      "its longest wait, s": batch?.longest ?? NaN,
    };
  }));
}
