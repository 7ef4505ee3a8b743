import * as aq from "arquero";
import { beforeAll, describe, expect, test } from "vitest";
import { GridView } from "../../src/analysis/grid-view.ts";
import { CALIBRATORS } from "../../src/estimation/calibrators/registry.ts";
import { ESTIMATORS } from "../../src/estimation/registry.ts";
import { ROUTERS } from "../../src/gateway/routers/registry.ts";
import { CATEGORIES } from "../../src/paper/categories.ts";
import { type GridOptions, paperGrid } from "../../src/paper/grid.ts";
import { claimsLedger, type LedgerEntry } from "../../src/paper/claims/ledger.ts";
import {
  CALIBRATION_ON,
  COUNTING_WORDS,
  PAPER_CALIBRATIONS,
  PAPER_COUNTINGS,
  PAPER_POLICIES,
  SJF,
} from "../../src/paper/policies.ts";
import { switchEffects } from "../../src/paper/tables/switch-effects.ts";
import { POLICIES } from "../../src/policies/registry.ts";
import { gridTable } from "../../src/sweeps/grid-table.ts";
import { runSweep } from "../../src/sweeps/run-sweep.ts";

const SCOPE = { counting: "split", period: "stress" };

/**
 * One member more of each kind that can be registered; returns what takes it out again. The policy does
 * what SJF does, so SJF would no longer be better than every other; the others do what the shipped
 * member does that comes first.
 */
const KINDS: readonly { readonly kind: string; readonly register: () => () => void }[] = [
  { kind: "policy", register: () => POLICIES.add({ ...POLICIES.named(SJF), name: "dummy" }) },
  {
    kind: "calibrator",
    register: () => CALIBRATORS.add({ ...CALIBRATORS.named(CALIBRATION_ON), name: "dummy" }),
  },
  { kind: "estimator", register: () => ESTIMATORS.add({ ...ESTIMATORS.all[0], name: "dummy" }) },
  { kind: "router", register: () => ROUTERS.add({ ...ROUTERS.all[0], name: "dummy" }) },
];

async function tableOf(options: GridOptions = {}): Promise<aq.ColumnTable> {
  const grid = paperGrid({ seeds: 4, workload: { requests: 600 }, ...options });
  // Simulated anew each time: results that were kept would know nothing of a new member.
  return gridTable(await runSweep(grid, { workers: 0, store: "off" }));
}

const ledgerOf = (table: aq.ColumnTable): LedgerEntry[] => claimsLedger(new GridView(table), SCOPE);

let before: LedgerEntry[];
beforeAll(async () => {
  before = ledgerOf(await tableOf());
});

test("the small grid has something to say on every claim", () => {
  expect(before.map(({ id }) => id)).toEqual(["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"]);
  expect(before.every(({ effect }) => Number.isFinite(effect))).toBe(true);
  expect(before.find(({ id }) => id === "C5")!.verdict).toBe("reproduced");
});

describe.each(KINDS)("one more $kind in its registry", ({ register }) => {
  test("changes no effect, interval or verdict of the paper's grid, and none of its lists", async () => {
    const unregister = register();
    try {
      expect(ledgerOf(await tableOf())).toStrictEqual(before);
      expect(PAPER_POLICIES).toEqual(["fifo", "priority", "weighted", "sjf", "aging"]);
      expect(PAPER_CALIBRATIONS).toEqual(["none", "ema"]);
      expect(PAPER_COUNTINGS).toEqual(["split", "tokenizer"]);
      expect(CATEGORIES).toEqual(["short_qa", "summary", "technical", "report"]);
    } finally {
      unregister();
    }
  });
});

describe("cells of a policy and a calibrator that are not the paper's, in a grid's table,", () => {
  let table: aq.ColumnTable;
  beforeAll(async () => {
    const unregister = KINDS.map(({ register }) => register());
    try {
      table = await tableOf({
        policies: ["dummy", ...PAPER_POLICIES],
        calibrations: ["dummy", ...PAPER_CALIBRATIONS],
      });
    } finally {
      for (const each of unregister) each();
    }
  });

  test("are there, and would turn C5 over if they were looked at", () => {
    const view = new GridView(table);
    expect(view.policies).toContain("dummy");
    const mean = (policy: string) =>
      view.values(
        { measure: "e2e", statistic: "mean", phase: "stress" },
        { policy, calibration: CALIBRATION_ON, counting: COUNTING_WORDS },
      );
    expect(mean("dummy")).toEqual(mean("sjf"));
  });

  test("change no effect, interval or verdict", () => {
    expect(ledgerOf(table)).toStrictEqual(before);
  });

  test("change nothing in the table of switches", async () => {
    const named = (rows: aq.ColumnTable) =>
      aq.from((rows.objects() as object[]).map((row) => ({ ...row, switch: "reference" })));
    const of = (rows: aq.ColumnTable) => switchEffects(named(rows), "stress").objects();
    expect(of(table)).toEqual(of(await tableOf()));
  });
});
