import * as aq from "arquero";
import { beforeAll, describe, expect, test } from "vitest";
import { judge } from "../../../src/paper/claims/claim.ts";
import { CLAIMS, claimsLedger, type LedgerEntry } from "../../../src/paper/claims/ledger.ts";
import { GridView } from "../../../src/analysis/grid-view.ts";
import { paperGrid } from "../../../src/paper/grid.ts";
import { gridTable } from "../../../src/sweeps/grid-table.ts";
import { runSweep } from "../../../src/sweeps/run-sweep.ts";
import type { PaperWorkloadInput } from "../../../src/paper/workload.ts";

const SCOPE = { counting: "split", period: "stress" };
type Row = Record<string, string | number>;
type Key = { policy?: string; calibration?: string; counting?: string };

async function smallGrid(workload: PaperWorkloadInput = {}): Promise<Row[]> {
  const grid = paperGrid({ seeds: 8, workload: { requests: 1200, ...workload } });
  return gridTable(await runSweep(grid, { workers: 0 })).objects() as Row[];
}

function ledgerOf(rows: readonly Row[]): Map<string, LedgerEntry> {
  const entries = claimsLedger(new GridView(aq.from(rows as object[])), SCOPE);
  return new Map(entries.map((entry) => [entry.id, entry]));
}

/** Gives the cells that match `to` the numbers of the cells that match `from`, seed by seed. */
function plant(rows: readonly Row[], to: Key, from: Key): Row[] {
  const labels = ["policy", "calibration", "counting"] as const;
  return rows.map((row) => {
    if (Object.entries(to).some(([label, value]) => row[label] !== value)) return row;
    const wanted: Row = { ...row, ...from };
    const source = rows.find((other) =>
      other.seed === row.seed && labels.every((label) => other[label] === wanted[label])
    )!;
    return { ...source, ...Object.fromEntries(labels.map((label) => [label, row[label]])) };
  });
}

describe("claimsLedger(grid, scope)", () => {
  let rows: Row[];
  let asSimulated: Map<string, LedgerEntry>;
  beforeAll(async () => {
    rows = await smallGrid();
    asSimulated = ledgerOf(rows);
  });

  test("judges the paper's eight claims, in order", () => {
    expect([...asSimulated.keys()]).toEqual(["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"]);
    for (const entry of asSimulated.values()) {
      expect(entry.n).toBe(8);
      expect(entry.low).toBeLessThanOrEqual(entry.effect + 1e-12);
      expect(entry.high).toBeGreaterThanOrEqual(entry.effect - 1e-12);
    }
  });

  const nulls: [string, () => Row[] | Promise<Row[]>][] = [
    ["C1", () => plant(rows, { calibration: "ema" }, { calibration: "none" })],
    ["C2", () => plant(rows, { calibration: "ema" }, { calibration: "none" })],
    ["C3", () => plant(rows, { policy: "sjf" }, { policy: "fifo" })],
    ["C4", () => plant(rows, { policy: "sjf" }, { policy: "fifo" })],
    ["C5", () => plant(rows, { policy: "sjf" }, { policy: "fifo" })],
    ["C6", () => plant(rows, {}, { policy: "fifo" })],
    ["C7", () => smallGrid({ wordsPerToken: { model: "constant", ratio: 1 } })],
    ["C8", () =>
      plant(rows, { calibration: "ema", counting: "split" }, {
        calibration: "none",
        counting: "split",
      })],
  ];

  test.each(nulls)("%s: the verdict turns when the effect is taken away", async (id, planted) => {
    expect(asSimulated.get(id)!.verdict).toBe("reproduced");
    expect(ledgerOf(await planted()).get(id)!.verdict).toBe("not reproduced");
  });

  test("every claim has a planted null", () => {
    expect(nulls.map(([id]) => id)).toEqual(CLAIMS.map(({ id }) => id));
  });

  test("leaves out claims that compare countings which the grid lacks", () => {
    const split = rows.filter(({ counting }) => counting === "split");
    expect([...ledgerOf(split).keys()]).toEqual(["C1", "C2", "C3", "C4", "C5", "C6"]);
  });

  test("leaves out claims that compare policies which the grid lacks", () => {
    const only = (
      ...policies: string[]
    ) => [...ledgerOf(rows.filter(({ policy }) => policies.includes(policy as string))).keys()];
    expect(only("fifo", "sjf")).toEqual(["C1", "C2", "C3", "C4", "C6", "C7", "C8"]);
    expect(only("priority", "fifo")).toEqual(["C1", "C2", "C6", "C7", "C8"]);
    expect(only("sjf")).toEqual(["C1", "C2", "C7", "C8"]);
  });

  test("the order in which a grid holds its policies changes no bit", () => {
    expect(ledgerOf(rows.toReversed())).toStrictEqual(asSimulated);
  });

  test("an effect that half of the seeds contradict is undecided", () => {
    const mixed = rows.map((row) => {
      if (row.policy !== "sjf" || Number(row.seed) % 2 === 0) return row;
      const fifo = rows.find((other) =>
        other.policy === "fifo" && other.seed === row.seed && other.counting === row.counting &&
        other.calibration === row.calibration
      )!;
      return { ...fifo, policy: "sjf" };
    });
    expect(ledgerOf(mixed).get("C3")!.verdict).toBe("undecided");
  });
});

describe("judge(interval, claim)", () => {
  const lower = { threshold: -0.2, direction: -1 } as const;
  test("wants the whole interval at or beyond the threshold", () => {
    expect(judge({ low: -0.4, high: -0.2 }, lower)).toBe("reproduced");
    expect(judge({ low: -0.4, high: -0.1 }, lower)).toBe("undecided");
    expect(judge({ low: -0.1, high: 0.3 }, lower)).toBe("not reproduced");
  });
  test("takes no effect at all as short of a threshold of 0", () => {
    expect(judge({ low: 0, high: 0 }, { threshold: 0, direction: 1 })).toBe("not reproduced");
    expect(judge({ low: 0, high: 0 }, { threshold: 0, direction: -1 })).toBe("not reproduced");
    expect(judge({ low: 0.1, high: 0.2 }, { threshold: 0, direction: 1 })).toBe("reproduced");
  });
  test("without a number says undecided", () => {
    expect(judge({ low: NaN, high: NaN }, lower)).toBe("undecided");
  });
});
