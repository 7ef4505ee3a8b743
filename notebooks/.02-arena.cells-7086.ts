/// <reference lib="deno.unstable" />
// Parameters: change them here, or from a terminal with `deno task report 02-arena -p seeds=10`.
const parameters = {
  seeds: 100,
  blockSeconds: 60,
  timeScale: 1,
};
;
// Imports, and a check of the parameters above.
import { z } from "zod";
import * as ds from "driftsched";

const p = ds.parseWith(
  z.strictObject({
    /** Resampled traces, each with its own assignment of clients to tiers. */
    seeds: z.int().min(40).max(1000),
    /** Length of the blocks that are resampled. */
    blockSeconds: z.number().positive(),
    /** Factor on the time between arrivals: 2 halves the load. */
    timeScale: z.number().positive(),
  }),
  parameters,
  "parameters",
);
const publish = ds.publisher("02-arena");
const shown = { setting: "arena trace, resampled", seeds: p.seeds };
undefined;
;
// The trace as it is, by client.
const { workload: arena } = await ds.loadArenaTrace();
ds.showTable(ds.describeTenants(arena), {
  caption: "The 27 clients: requests and lengths in tokens",
  digits: 1,
  limit: 27,
});
;
// Resampled traces, each with its own deal of clients to tiers; the grid over them.
const scaled = ds.scaleTime(arena, p.timeScale);
const cut: ds.GridOptions = {
  countings: ["tokenizer"],
  base: { scheduler: { estimate: { defaultBaseTokens: 1024 } } },
};
const workloads = ds.resampledTraces(ds.categoriesByClient(scaled), p);
const grid = ds.crossGrid(workloads, cut);
const cells = ds.gridTable(
  grid,
  await ds.runSweep(grid.tasks, { onProgress: ds.progressBar("cells") }),
);
undefined;
;
// Which claims hold here?
const view = new ds.GridView(cells, { interval: ds.replicateInterval });
const scope = { counting: "tokenizer", period: "all" };
const ledger = ds.claimsLedger(view, scope);
ds.claimsTable(ledger);
;
// Error per scheduler, calibration off and on.
await publish.figure(ds.errorPerSchedulerFigure(ds.errorPerScheduler(view), shown));
;
// The latency tail.
const runs = ds.wholeRuns(ds.crossGrid(workloads, { ...cut, calibrators: ["ema"] }));
await publish.figure(
  ds.latencyTailFigure(
    ds.latencyTail(runs, { group: ds.everyone, interval: ds.replicateInterval }),
    shown,
  ),
);
;
// Each scheduler against FIFO.
await publish.figure(
  ds.effectAgainstBaselineFigure(ds.effectAgainstBaseline(view, scope), shown),
);
;
// Waiting by tier.
await publish.figure(
  ds.waitByTierFigure(
    ds.waitByTier(view, { counting: scope.counting, tiers: ds.TIERS }),
    shown,
  ),
);
;
// The claims once more, with categories by prompt length.
const byLength = ds.crossGrid(ds.resampledTraces(ds.categoriesByPromptLength(scaled), p), cut);
const byLengthCells = ds.gridTable(byLength, await ds.runSweep(byLength.tasks));
const byLengthView = new ds.GridView(byLengthCells, { interval: ds.replicateInterval });
ds.claimsTable(ds.claimsLedger(byLengthView, scope), {
  caption: "The claims with one category per quartile of prompt length",
});
;
// The record of this notebook.
await publish.manifest({
  parameters: p,
  seeds: Array.from({ length: p.seeds }, (_, i) => i + 1),
  claims: ledger,
  data: ["data/vtc_arena/vtc_real_trace_27clients.csv"],
});
;
export {};
