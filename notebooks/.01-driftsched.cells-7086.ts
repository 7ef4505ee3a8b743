/// <reference lib="deno.unstable" />
// Parameters: change them here, or from a terminal with `deno task report 01-driftsched -p seeds=10`.
const parameters = {
  seeds: 30,
  requests: 3000,
  mapSeeds: 5,
  switchSeeds: 10,
};
;
// Imports, and a check of the parameters above.
import * as aq from "arquero";
import { z } from "zod";
import * as ds from "driftsched";

const p = ds.parseWith(
  z.strictObject({
    /** Paired repetitions of every cell of the grid. */
    seeds: z.int().min(2).max(1000),
    /** Requests in a run. */
    requests: z.int().min(300).max(100_000),
    /** Repetitions of each world of the map, and of each switch. */
    mapSeeds: z.int().min(2).max(1000),
    switchSeeds: z.int().min(2).max(1000),
  }),
  parameters,
  "parameters",
);
const publish = ds.publisher("01-driftsched");
const world: ds.PaperWorkloadInput = { requests: p.requests };
const shown = { setting: "paper workload", seeds: p.seeds };
const contention = { setting: "stress phase, calibration on, whitespace words", seeds: p.seeds };
undefined;
;
// The paper's grid.
const grid = ds.paperGrid({ seeds: p.seeds, workload: world });
const cells = ds.gridTable(
  grid,
  await ds.runSweep(grid.tasks, { onProgress: ds.progressBar("cells") }),
);
undefined;
;
// Claims, effects, intervals, verdicts.
const view = new ds.GridView(cells);
const scope = { counting: "split", period: "stress" };
const ledger = ds.claimsLedger(view, scope);
ds.claimsTable(ledger);
;
// What exactly is compared, claim by claim.
ds.showTable(aq.from(ledger.map(({ id, definition }) => ({ claim: id, effect: definition }))), {
  caption: "How each effect is computed",
});
;
// One workload, summed up by phase and category.
const workload = ds.paperWorkload({ ...world, seed: 1 });
ds.showTable(ds.describeWorkload(workload).select(aq.not("output_p50", "output_p99")), {
  caption: "The workload of seed 1: mean lengths in tokens, words per token of the answers",
  digits: 2,
});
;
// The same requests as a data frame, for those who think in data frames.
import { DataFrame } from "danfojs-node";
const frame = new DataFrame({
  prompt_tokens: Array.from(workload.requests.promptTokens),
  max_tokens: Array.from(workload.requests.maxTokens),
  output_tokens: Array.from(workload.truth.outputTokens),
  output_words: Array.from(workload.truth.outputWords!),
});
ds.showFrame(frame.describe(), { caption: "danfojs-node: describe() of seed 1" });
;
// Estimation error over the run, calibration off and on.
const estimationRuns = ds.wholeRuns(
  ds.paperGrid({ seeds: p.seeds, workload: world, policies: ["fifo"] }),
);
await publish.figure(ds.errorOverTimeFigure(ds.errorOverTime(estimationRuns), shown));
;
// The calibration factors, per category and counting mode.
await publish.figure(
  ds.calibrationFactorsFigure(
    ds.calibrationFactors(estimationRuns.filter(({ calibration }) => calibration === "ema")),
    shown,
  ),
);
;
// Error per scheduler, calibration off and on.
await publish.figure(ds.errorPerSchedulerFigure(ds.errorPerScheduler(view), shown));
;
// Single requests: what was estimated against what came.
const oneSeed = estimationRuns.filter(({ seed, counting }) => seed === 1 && counting === "split");
await publish.figure(
  ds.estimateAgainstActualFigure(ds.estimateAgainstActual(oneSeed), { unit: "words" }),
);
;
// The map of worlds.
const mapGrid = ds.worldMapGrid({ seeds: p.mapSeeds, workload: world });
const map = ds.worldMap(
  ds.gridTable(mapGrid, await ds.runSweep(mapGrid.tasks, { onProgress: ds.progressBar("cells") })),
);
const { lmsys, burstgpt } = await ds.loadLengthModels();
const namedGrid = ds.namedWorldsGrid([
  { label: "measured words, lengths near the cap", workload: world },
  { label: "measured words, LMSYS lengths", workload: { ...world, lengths: lmsys } },
  { label: "measured words, BurstGPT lengths", workload: { ...world, lengths: burstgpt } },
  {
    label: "prose only (0.82 words per token)",
    workload: { ...world, wordsPerToken: { model: "measured", mean: 0.82 } },
  },
], p.mapSeeds);
const marks = ds.worldMarks(
  ds.gridTable(namedGrid, await ds.runSweep(namedGrid.tasks)),
  map,
);
await publish.figure(ds.worldMapFigure(map, { marks, paper: -0.388 }));
;
// The marked worlds in numbers.
ds.showTable(
  marks.select("label", "effect", "low", "high", "rmseEffect", "capShare", "wordsPerToken").rename({
    label: "world",
    effect: "MAE",
    rmseEffect: "RMSE",
    capShare: "length / cap",
    wordsPerToken: "words / token",
  }),
  { caption: "Relative change of the error by calibration, whitespace counting", digits: 3 },
);
;
// The latency tail of the five schedulers.
const latencyRuns = ds.wholeRuns(
  ds.paperGrid({ seeds: p.seeds, workload: world, calibrators: ["ema"], countings: ["split"] }),
);
await publish.figure(
  ds.latencyTailFigure(
    ds.latencyTail(latencyRuns, { group: (run) => ds.byPhase(run).at(-1)! }),
    contention,
  ),
);
;
// Each scheduler against FIFO, with the paper's numbers.
await publish.figure(
  ds.effectAgainstBaselineFigure(ds.effectAgainstBaseline(view, scope), contention),
);
;
// Who waits in which queue.
await publish.figure(
  ds.queueDepthFigure(ds.queueDepth(latencyRuns.filter(({ seed }) => seed === 1)), {
    setting: "calibration on, whitespace words, seed 1",
  }),
);
;
// Waiting by tier: the middle, the tail and the longest wait of all.
await publish.figure(
  ds.waitByTierFigure(ds.waitByTier(view, { ...scope, tiers: ds.TIERS }), contention),
);
;
// What is left of three claims when a flaw is mended.
const switched: ds.SwitchedGrid[] = [];
for (const change of ds.SWITCHES) {
  const changed = ds.switchGrid(change, { seeds: p.switchSeeds, workload: world });
  const table = ds.gridTable(changed, await ds.runSweep(changed.tasks));
  switched.push({ ...change, grid: new ds.GridView(table) });
}
ds.showTable(ds.switchEffects(switched, scope.period), {
  caption: `Relative change and its 95 % interval over ${p.switchSeeds} seeds, under each switch`,
});
;
// The record of this notebook: parameters, seeds, data and figures with their hashes.
await publish.manifest({
  parameters: p,
  seeds: Array.from({ length: p.seeds }, (_, i) => i + 1),
  claims: ledger,
  data: [
    "data/burstgpt/BurstGPT_1_first999.csv",
    "data/lmsys_lengths/lmsys_1024_llama_tokenizer_lengths.csv",
    "data/prompt_token_counts.json",
    "data/words_per_token.json",
  ],
});
;
export {};
