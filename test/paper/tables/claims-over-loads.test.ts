import { expect, test } from "vitest";
import type { LedgerEntry } from "../../../src/paper/claims/ledger.ts";
import { claimsOverLoads } from "../../../src/paper/tables/claims-over-loads.ts";

const entry = (parts: Partial<LedgerEntry>): LedgerEntry => ({
  id: "C4",
  title: "SJF lowers P99",
  definition: "",
  scale: "relative",
  paper: -0.16,
  ratio: null,
  threshold: -0.08,
  direction: -1,
  n: 40,
  effect: 0,
  low: 0,
  high: 0,
  verdict: "not reproduced",
  ...parts,
});
const reproduced = [entry({ low: -0.2, high: -0.1, verdict: "reproduced" })];

test("one row a load and claim, with the places in words", () => {
  const table = claimsOverLoads([
    { load: 0.9, ledgers: [{ name: "a", ledger: reproduced }, { name: "b", ledger: reproduced }] },
    {
      load: 1.2,
      ledgers: [
        { name: "a", ledger: [entry({ low: 0.1, high: 0.3 })] },
        { name: "b", ledger: [entry({ low: -0.01, high: 0.3 })] },
        { name: "c", ledger: [entry({ low: -0.3, high: 0.3, verdict: "undecided" })] },
      ],
    },
  ]);
  const claim = "C4 SJF lowers P99";
  expect(table.objects()).toEqual([
    { load: "0.9", claim, holds: "a, b", reversed: "", "too small": "", undecided: "" },
    { load: "1.2", claim, holds: "", reversed: "a", "too small": "b", undecided: "c" },
  ]);
});
