import { beliefOf, believedCategory } from "../runs/beliefs.ts";
import type { Run } from "../runs/run.ts";
import { estimationError } from "./estimation-error.ts";
import { byCategory, byPhase, byTier, everyone, type Group, latePart } from "./groups.ts";
import { LATENCIES, latencyOf, latencyStatistics } from "./latency.ts";
import { starvation } from "./starvation.ts";

/**
 * A run in numbers: flat, named, the same names in the same order for every run of a workload of
 * the same shape, so that a sweep can keep thousands of them in one array.
 *
 * Names: `mae_<group>`, `rmse_…`, `bias_…`, `mape_…`, `relative_mae_…` (words or tokens, see
 * {@link estimationError}); `<wait|inference|e2e>_<mean|p50|p90|p95|p99|max>_<group>` in seconds;
 * `factor_<category>`: the calibration factor at the end of the run; `makespan` in seconds;
 * `cap_share`: mean of generated tokens over the request's cap; `units_per_token`: counted length of
 * all answers over their tokens (words per token with `split` counting, 1 with `tokenizer`).
 * Groups: `all`, each phase, `late`, each category, each tier, and each tier of the last phase.
 * On demand, `served_max_<group>` (seconds) and `starved_<group>` (share), see {@link starvation},
 * of the last phase as a whole, each of its tiers and each of its categories.
 */
export interface RunSummary {
  readonly names: readonly string[];
  readonly values: Float64Array;
}

function finalFactors(run: Run): [string, number][] {
  const { codes, names } = believedCategory(run);
  const learned = beliefOf(run, "factorAfter");
  const factors = new Float64Array(names.length).fill(1);
  const latest = new Int32Array(names.length).fill(-1);
  for (let row = 0; row < run.size; row++) {
    if (run.feedbackPlace[row] <= latest[codes[row]]) continue;
    latest[codes[row]] = run.feedbackPlace[row];
    factors[codes[row]] = learned[row];
  }
  return names.map((name, code) => [`factor_${name}`, factors[code]]);
}

function lengthShares(run: Run, { rows }: Group): [string, number][] {
  let shares = 0, units = 0, tokens = 0;
  for (const row of rows) {
    shares += run.outputTokens[row] / run.requests.maxTokens[row];
    units += run.actualOutput[row];
    tokens += run.outputTokens[row];
  }
  return [["cap_share", shares / rows.length], ["units_per_token", units / tokens]];
}

/** Options of {@link summarizeRun}. */
export interface SummaryOptions {
  /** Whether to include latencies, which cost most of the time. @default true */
  readonly latencies?: boolean;
  /** Whether to say who starves in the last phase. @default false */
  readonly starvation?: boolean;
}

/** Sums a run up; see {@link RunSummary} for the names. */
export function summarizeRun(run: Run, options: SummaryOptions = {}): RunSummary {
  const { latencies = true, starvation: starving = false } = options;
  const all = everyone(run);
  const phases = run.requests.phases.length > 1 ? byPhase(run) : [];
  const tiers = byTier(run, all);
  const entries: [string, number][] = [];

  for (const group of [all, ...phases, latePart(run), ...byCategory(run, all), ...tiers]) {
    const error = estimationError(run, group.rows);
    entries.push(
      [`mae_${group.name}`, error.mae],
      [`rmse_${group.name}`, error.rmse],
      [`bias_${group.name}`, error.bias],
      [`mape_${group.name}`, error.mape],
      [`relative_mae_${group.name}`, error.relativeMae],
    );
  }
  if (latencies) {
    const last = phases.at(-1);
    const lastTiers = last === undefined ? [] : byTier(run, last);
    for (const group of [all, ...phases, ...tiers, ...lastTiers]) {
      for (const latency of LATENCIES) {
        const statistics = latencyStatistics(latencyOf(run, latency, group.rows));
        for (const [statistic, value] of Object.entries(statistics)) {
          entries.push([`${latency}_${statistic}_${group.name}`, value]);
        }
      }
    }
  }
  if (starving) {
    const last = phases.at(-1) ?? all;
    const groups = [last, ...byTier(run, last), ...byCategory(run, last)];
    starvation(run, last.rows, groups.map(({ rows }) => rows)).forEach((found, i) => {
      entries.push(
        [`served_max_${groups[i].name}`, found.longest],
        [`starved_${groups[i].name}`, found.starved],
      );
    });
  }
  entries.push(...finalFactors(run), ...lengthShares(run, all));
  entries.push(["makespan", run.finish.reduce((latest, t) => (t > latest ? t : latest), 0)]);
  return {
    names: entries.map(([name]) => name),
    values: Float64Array.from(entries, ([, value]) => value),
  };
}
