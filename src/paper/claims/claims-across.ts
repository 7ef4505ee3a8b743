import type { LedgerEntry } from "./ledger.ts";

/** The claims as judged in one place: on one trace, say. */
export interface NamedLedger {
  readonly name: string;
  readonly ledger: readonly LedgerEntry[];
}

/** What became of one claim in all places; names of the places. */
export interface ClaimAcross {
  readonly id: string;
  readonly title: string;
  readonly holds: readonly string[];
  /** Where it does not hold, and there the whole interval lies on the other side of no effect. */
  readonly turnsOver: readonly string[];
  /** Where it does not hold otherwise: the effect is too small. */
  readonly fallsShort: readonly string[];
  readonly undecided: readonly string[];
}

/**
 * One row a claim over several ledgers: where it holds, turns over, falls short, or is undecided. A
 * ledger that lacks a claim says nothing of it. For the paper's claims (driftsched reference, "What it
 * claims") on workloads that are not the paper's.
 */
export function claimsAcross(ledgers: readonly NamedLedger[]): ClaimAcross[] {
  const ids = [...new Set(ledgers.flatMap(({ ledger }) => ledger.map(({ id }) => id)))];
  return ids.map((id) => {
    const found = ledgers.flatMap(({ name, ledger }) =>
      ledger.filter((entry) => entry.id === id).map((entry) => ({ name, entry }))
    );
    const named = (is: (entry: LedgerEntry) => boolean) =>
      found.filter(({ entry }) => is(entry)).map(({ name }) => name);
    return {
      id,
      title: found[0].entry.title,
      holds: named(({ verdict }) => verdict === "reproduced"),
      turnsOver: named((entry) => entry.verdict === "not reproduced" && isReversed(entry)),
      fallsShort: named((entry) => entry.verdict === "not reproduced" && !isReversed(entry)),
      undecided: named(({ verdict }) => verdict === "undecided"),
    };
  });
}

/** Whether the whole interval is on the side of 0 that the claim is not on. */
function isReversed({ low, high, direction }: LedgerEntry): boolean {
  return direction < 0 ? low > 0 : high < 0;
}
