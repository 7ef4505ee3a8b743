import { beliefOf, believedCategory } from "../runs/beliefs.ts";
import type { Run } from "../runs/run.ts";
import { known } from "../statistics/known.ts";
import { mergeSorted } from "../statistics/merge-sorted.ts";
import { estimationError } from "./estimation-error.ts";
import { byCategory, byPhase, byTier, everyone, type Group, latePart } from "./groups.ts";
import { LATENCIES, latencyOf, statisticsOfSorted } from "./latency.ts";
import { LATENCY_STATISTICS, type MeasureKey, measureName } from "./measure-key.ts";
import { starvation } from "./starvation.ts";

/**
 * A run in numbers: flat, named, the same names in the same order for every run of a workload of
 * the same shape, so that a sweep can keep thousands of them in one array.
 *
 * Names are the forms of {@link MeasureKey}s, see {@link measureName}. Measures:
 * - `mae`, `rmse`, `bias`, `mape`, `relative_mae` (words or tokens, see {@link estimationError}) of
 *   all requests, each phase, the late part, each category and each tier;
 * - statistics of `wait`, `inference` and `e2e` in seconds (see {@link latencyOf}) of all requests,
 *   each phase, each tier, and each tier of the last phase;
 * - on demand `served_max` (seconds) and `starved` (share), see {@link starvation}, of the last phase
 *   as a whole, each of its tiers and each of its categories;
 * - `factor` of each category: the calibration factor at the end of the run;
 * - `cap_share`: mean of generated tokens over the request's cap; `units_per_token`: counted length
 *   of all answers over their tokens (words per token with `split` counting, 1 with `tokenizer`);
 * - `makespan` in seconds.
 */
export interface RunSummary {
  readonly names: readonly string[];
  readonly values: Float64Array;
}

/** A measure and its value. */
type Entry = readonly [MeasureKey, number];

function finalFactors(run: Run): Entry[] {
  const { codes, names } = believedCategory(run);
  const learned = beliefOf(run, "factorAfter");
  const factors = new Float64Array(names.length).fill(1);
  const latest = new Int32Array(names.length).fill(-1);
  for (let row = 0; row < run.size; row++) {
    if (run.feedbackPlace[row] <= latest[codes[row]]) continue;
    latest[codes[row]] = run.feedbackPlace[row];
    factors[codes[row]] = learned[row];
  }
  return names.map((category, code) => [{ measure: "factor", category }, factors[code]]);
}

function lengthShares(run: Run, { rows }: Group): Entry[] {
  let shares = 0, units = 0, tokens = 0;
  for (const row of rows) {
    shares += run.outputTokens[row] / run.requests.maxTokens[row];
    units += run.actualOutput[row];
    tokens += run.outputTokens[row];
  }
  return [
    [{ measure: "cap_share" }, shares / rows.length],
    [{ measure: "units_per_token" }, units / tokens],
  ];
}

/** Options of {@link summarizeRun}. */
export interface SummaryOptions {
  /** Whether to include latencies, which cost most of the time. @default true */
  readonly latencies?: boolean;
  /** Whether to say who starves in the last phase. @default false */
  readonly starvation?: boolean;
}

/**
 * One latency of everyone, of each phase, of each tier, and of each tier in the last of several phases,
 * ascending each. Only the tiers of each phase are sorted; the others are merged from these.
 */
function sortedByGroup(
  run: Run,
  latency: (typeof LATENCIES)[number],
  { all, phases }: { readonly all: Group; readonly phases: readonly Group[] },
): Float64Array[] {
  const parts = (phases.length > 0 ? phases : [all]).map((phase) =>
    byTier(run, phase).map(({ rows }) => known(latencyOf(run, latency, rows)).sort())
  );
  const ofPhases = parts.map(mergeSorted);
  const ofTiers = parts[0].map((_, tier) => mergeSorted(parts.map((tiers) => tiers[tier])));
  return [
    mergeSorted(ofPhases),
    ...phases.length > 0 ? ofPhases : [],
    ...ofTiers,
    ...phases.length > 0 ? parts.at(-1)! : [],
  ];
}

/** Sums a run up; see {@link RunSummary} for the names. */
export function summarizeRun(run: Run, options: SummaryOptions = {}): RunSummary {
  const { latencies = true, starvation: starving = false } = options;
  const all = everyone(run);
  const phases = run.requests.phases.length > 1 ? byPhase(run) : [];
  const tiers = byTier(run, all);
  const entries: Entry[] = [];

  const judged = [all, ...phases, latePart(run), ...byCategory(run, all), ...tiers];
  for (const { scope, rows } of judged) {
    const error = estimationError(run, rows);
    entries.push(
      [{ measure: "mae", ...scope }, error.mae],
      [{ measure: "rmse", ...scope }, error.rmse],
      [{ measure: "bias", ...scope }, error.bias],
      [{ measure: "mape", ...scope }, error.mape],
      [{ measure: "relative_mae", ...scope }, error.relativeMae],
    );
  }
  if (latencies) {
    const last = phases.at(-1);
    const lastTiers = last === undefined ? [] : byTier(run, last);
    const groups = [all, ...phases, ...tiers, ...lastTiers];
    const sorted = LATENCIES.map((latency) => sortedByGroup(run, latency, { all, phases }));
    groups.forEach(({ scope }, group) => {
      LATENCIES.forEach((latency, i) => {
        const statistics = statisticsOfSorted(sorted[i][group]);
        for (const statistic of LATENCY_STATISTICS) {
          entries.push([{ measure: latency, statistic, ...scope }, statistics[statistic]]);
        }
      });
    });
  }
  if (starving) {
    const last = phases.at(-1) ?? all;
    const groups = [last, ...byTier(run, last), ...byCategory(run, last)];
    starvation(run, last.rows, groups.map(({ rows }) => rows)).forEach((found, i) => {
      entries.push(
        [{ measure: "served_max", ...groups[i].scope }, found.longest],
        [{ measure: "starved", ...groups[i].scope }, found.starved],
      );
    });
  }
  entries.push(...finalFactors(run), ...lengthShares(run, all));
  entries.push([
    { measure: "makespan" },
    run.finish.reduce((latest, t) => (t > latest ? t : latest), 0),
  ]);
  return {
    names: entries.map(([key]) => measureName(key)),
    values: Float64Array.from(entries, ([, value]) => value),
  };
}
