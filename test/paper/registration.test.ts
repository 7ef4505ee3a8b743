import { readdirSync, readFileSync } from "node:fs";
import * as aq from "arquero";
import { beforeAll, describe, expect, test } from "vitest";
import { GridView } from "../../src/analysis/grid-view.ts";
import { CALIBRATORS } from "../../src/estimation/calibrators/registry.ts";
import { DETECTORS } from "../../src/estimation/detectors/registry.ts";
import { ESTIMATORS } from "../../src/estimation/registry.ts";
import { ROUTERS } from "../../src/gateway/routers/registry.ts";
import { CATEGORIES } from "../../src/paper/categories.ts";
import { claimsLedger, type LedgerEntry } from "../../src/paper/claims/ledger.ts";
import { type GridOptions, paperGrid } from "../../src/paper/grid.ts";
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
import type { Named, Registry } from "../../src/registry/registry.ts";
import { SERVER_POLICIES } from "../../src/servers/policies/registry.ts";
import { gridTable } from "../../src/sweeps/grid-table.ts";
import { runSweep } from "../../src/sweeps/run-sweep.ts";

const SCOPE = { counting: "split", period: "stress" };

/** A kind of definition of which a registry holds members. */
interface Kind {
  readonly kind: string;
  /** Adds one member more; returns what takes it out again. */
  readonly register: () => () => void;
}

/** One member more that does what the member `like` does, or the first. */
function oneMore<D extends Named>(registry: Registry<D>, like = registry.names[0]): Kind {
  return {
    kind: registry.kind,
    register: () => registry.add({ ...registry.named(like), name: "dummy" }),
  };
}

/**
 * Every registry. The policy does what SJF does, so SJF would no longer be better than every other; the
 * calibrator learns.
 */
const KINDS: readonly Kind[] = [
  oneMore(POLICIES, SJF),
  oneMore(CALIBRATORS, CALIBRATION_ON),
  oneMore(ESTIMATORS),
  oneMore(DETECTORS),
  oneMore(ROUTERS),
  oneMore(SERVER_POLICIES),
];

/** The paper's grid, simulated anew: what a store kept from before would not see the newcomer. */
async function tableOf(options: GridOptions = {}): Promise<aq.ColumnTable> {
  const grid = paperGrid({ seeds: 4, workload: { requests: 600 }, ...options });
  return gridTable(await runSweep(grid, { workers: 0, store: "off" }));
}

const ledgerOf = (table: aq.ColumnTable): LedgerEntry[] => claimsLedger(new GridView(table), SCOPE);

test("every registry of the sources is in the table", () => {
  const root = new URL("../../src/", import.meta.url);
  const kinds = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) =>
      [
        ...readFileSync(new URL(path, root), "utf8")
          .matchAll(/^export const \w+ = new Registry<.*>\(\s*"([^"]+)"/gm),
      ].map(([, kind]) => kind)
    );
  expect(KINDS.map(({ kind }) => kind).sort()).toEqual(kinds.sort());
});

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
