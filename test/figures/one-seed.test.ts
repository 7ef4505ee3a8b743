import { beforeAll, expect, test } from "vitest";
import { effectAgainstBaseline } from "../../src/analysis/effect-against-baseline.ts";
import { effectOverLoad } from "../../src/analysis/effect-over-load.ts";
import { errorOverTime } from "../../src/analysis/error-over-time.ts";
import { errorPerScheduler } from "../../src/analysis/error-per-scheduler.ts";
import { GridView } from "../../src/analysis/grid-view.ts";
import { byPhase } from "../../src/analysis/groups.ts";
import { latencyTail } from "../../src/analysis/latency-tail.ts";
import { waitByTier } from "../../src/analysis/wait-by-tier.ts";
import * as figures from "../../src/figures/mod.ts";
import { claimsLedger } from "../../src/paper/claims/ledger.ts";
import { worldMap as worldMapFigure } from "../../src/paper/figures/world-map.ts";
import { paperGrid } from "../../src/paper/grid.ts";
import { worldMap } from "../../src/paper/tables/world-map.ts";
import { gridTable } from "../../src/sweeps/grid-table.ts";
import { runSweep, type SweepResult } from "../../src/sweeps/run-sweep.ts";
import { wholeRuns } from "../../src/sweeps/whole-runs.ts";
import { TIERS } from "../../src/workload/tiers.ts";

const SCOPE = { counting: "split", period: "stress" };

let swept: SweepResult;
let view: GridView;
beforeAll(async () => {
  const grid = paperGrid({ seeds: 1, workload: { requests: 600 }, keep: true });
  swept = await runSweep(grid, { workers: 0, store: "off" });
  view = new GridView(gridTable(swept));
});

const plain = (text: string) => text.replaceAll("\u00a0", " ");

test("the seed has differences that a title would claim if it could", () => {
  const errors = errorPerScheduler(view).objects() as Record<string, number>[];
  const words = errors.filter(({ counting, calibration }) =>
    String(counting) === "split" && String(calibration) === "ema"
  );
  for (const { mae, difference } of words) expect(difference).toBeLessThan(-mae / 10);
});

test("no title claims a difference from one seed, and no figure speaks of intervals", () => {
  const tail = { group: (run: Parameters<typeof byPhase>[0]) => byPhase(run).at(-1)! };
  const words = { calibration: "ema", counting: "split" };
  const worlds = gridTable({
    ...swept,
    cells: swept.cells.filter(({ labels }) =>
      labels.policy === "fifo" && labels.counting === "split"
    )
      .map((cell) => ({
        ...cell,
        labels: { ...cell.labels, world: "", meanFraction: 1, wordsPerToken: 1 },
      })),
  });
  const drawn = [
    figures.effectAgainstBaseline(effectAgainstBaseline(view, SCOPE), { focus: "sjf" }),
    figures.effectOverLoad(
      effectOverLoad([{ server: "s", load: 1, rate: 1, view }], SCOPE),
      { focus: "sjf" },
    ),
    figures.errorPerScheduler(errorPerScheduler(view)),
    figures.errorOverTime(errorOverTime(wholeRuns(swept, { policy: "fifo" }))),
    figures.waitByTier(waitByTier(view, { ...SCOPE, tiers: TIERS })),
    figures.latencyTail(latencyTail(wholeRuns(swept, words), tail)),
    worldMapFigure(worldMap(worlds)),
  ];
  expect(drawn.map(({ title }) => plain(title))).toEqual([
    "End-to-end latency, SJF against FIFO",
    "SJF against FIFO over load",
    "Calibration and the error of length estimates, averaged over the policies",
    "Calibration and the error of length estimates in the stress phase",
    "Queue wait by tier",
    "End-to-end latency by policy",
    "Calibration and the mean absolute error, world by world",
  ]);
  for (const { subtitle, svg, name } of drawn) {
    expect(subtitle, name).not.toMatch(/interval/);
    expect(svg, name).not.toMatch(/NaN/);
  }
});

test("no claim of the paper is judged by one seed", () => {
  const verdicts = claimsLedger(view, SCOPE).map(({ verdict }) => verdict);
  expect(verdicts).toEqual(Array(8).fill("undecided"));
});
