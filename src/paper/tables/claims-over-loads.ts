import * as aq from "arquero";
import { claimsAcross, type NamedLedger } from "../claims/claims-across.ts";

/** The claims as judged at one load, in several places. */
export interface LedgersAtLoad {
  /** Multiple of each server's capacity. */
  readonly load: number;
  readonly ledgers: readonly NamedLedger[];
}

/**
 * Where each claim holds and where it does not, at several loads. Columns: `load` (text), `claim`, and
 * the names of the places, as a list in words, where it `holds`, is `reversed` (the whole interval lies
 * on the other side of no effect), is `too small`, or is `undecided`. See {@link claimsAcross}.
 */
export function claimsOverLoads(judged: readonly LedgersAtLoad[]): aq.ColumnTable {
  return aq.from(
    judged.flatMap(({ load, ledgers }) =>
      claimsAcross(ledgers).map(({ id, title, holds, turnsOver, fallsShort, undecided }) => ({
        load: String(load),
        claim: `${id} ${title}`,
        holds: holds.join(", "),
        reversed: turnsOver.join(", "),
        "too small": fallsShort.join(", "),
        undecided: undecided.join(", "),
      }))
    ),
  );
}
