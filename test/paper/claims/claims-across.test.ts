import { expect, test } from "vitest";
import { claimsAcross } from "../../../src/paper/claims/claims-across.ts";
import type { LedgerEntry } from "../../../src/paper/claims/ledger.ts";

const entry = (parts: Partial<LedgerEntry>): LedgerEntry => ({
  ...{ id: "C4", title: "SJF lowers P99", definition: "", scale: "relative", paper: -0.16 },
  ...{ ratio: null, threshold: -0.08, direction: -1, n: 40, effect: 0, low: 0, high: 0 },
  verdict: "not reproduced",
  ...parts,
});

test("a claim holds, turns over, falls short or is undecided, place by place", () => {
  const rows = claimsAcross([
    { name: "a", ledger: [entry({ low: -0.2, high: -0.1, verdict: "reproduced" })] },
    { name: "b", ledger: [entry({ low: 0.1, high: 0.3 })] },
    { name: "c", ledger: [entry({ low: -0.01, high: 0.3 })] },
    { name: "d", ledger: [entry({ low: -0.3, high: 0.3, verdict: "undecided" })] },
    // A claim of an increase, whose whole interval is a decrease.
    { name: "e", ledger: [entry({ id: "C6", direction: 1, low: -0.3, high: -0.1 })] },
  ]);
  expect(rows).toEqual([
    {
      ...{ id: "C4", title: "SJF lowers P99", holds: ["a"], turnsOver: ["b"] },
      ...{ fallsShort: ["c"], undecided: ["d"] },
    },
    {
      ...{ id: "C6", title: "SJF lowers P99", holds: [], turnsOver: ["e"] },
      ...{ fallsShort: [], undecided: [] },
    },
  ]);
});
