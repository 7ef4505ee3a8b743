import { InputError } from "../../errors/input-error.ts";
import { substream, uniformInt } from "../../random/substream.ts";
import { mean, quantile } from "../../statistics/quantile.ts";
import { median, robustRegression } from "../../statistics/robust-regression.ts";
import { betweenLogs } from "./between-logs.ts";
import type { FittedSteps } from "./fit-step-cost.ts";
import { residualsByRegion } from "./residuals-by-region.ts";
import type { StatsWindow } from "./stats-windows.ts";

/** Windows between the stats lines of an engine, and what else its log says. */
export interface LoggedStats {
  readonly source: string;
  readonly engine: string;
  readonly windows: readonly StatsWindow[];
  /** Windows of that kind in the log, of which a long one keeps some. */
  readonly usable: number;
  /** Windows in which nothing can be told apart, by reason. */
  readonly leftOut: Readonly<Record<"idle" | "unsteady" | "preempting", number>>;
  readonly otherLines: number;
  /** Tokens that the KV cache holds, and tokens of a block; absent where unknown. */
  readonly cache?: { readonly capacity: number; readonly blockSize: number };
}

/** Batch sizes at which the coarse cost may bend. */
const KNOTS = [8, 32, 128, 512];
/** Windows that a bend needs on its own stretch, and that a fit needs. */
const WINDOWS_PER_KNOT = 8;
const WINDOWS_NEEDED = 8;
/** Loads that a fit needs, and how far the largest must be from the smallest. */
const LOADS_NEEDED = 3;
const LEAST_SPREAD = 1.5;
/** Windows with prompts from which on they may say what prefill costs. */
const PREFILLS_NEEDED = 5;
const RESAMPLES = 200;
/** Share of the prompt tokens that are cached from which on the cache matters. */
const HIT_RATE = 0.05;
/** The cost of a prompt token is known where 90 % of resampled fits are within this factor of it. */
const KNOWN_WITHIN = 2;

/**
 * A coarse cost of steps from vLLM's ordinary stats lines. In a window with b requests running, a
 * busy engine that generates g tokens a second runs g / b steps a second, and with p prompt tokens a
 * second these fill the time:
 *
 *     1 = (g / b) · (f(b) + a·context) + c·p
 *
 * with f not falling in b. What lies between two steps is within f. Errors are those of whole windows:
 * the load is known at their ends only, the batch moves between, and the engine may have idled. vLLM
 * counts a prompt's tokens when its first token comes out; newer versions leave out cached ones. Where
 * prompts rise and fall with decoding, nobody can tell what each costs: that of prefill is null then.
 *
 * @param logs by engine, at least one
 * @throws InputError when there are too few windows or loads
 */
export function fitStats(logs: readonly LoggedStats[]): FittedSteps {
  const windows = logs.flatMap((log) =>
    log.windows.map((window) => ({ ...window, context: contextOf(window, log.cache) }))
  );
  refuseFew(logs, windows);
  const sequences = knotsFor(windows);
  const features = windows.map((window) => featuresOf(window, sequences));
  const seconds = new Float64Array(windows.length).fill(1);
  const columns = sequences.length + 2;
  const prefillKnown = isPrefillKnown(features, seconds, windows);
  // Decoding then carries the prompts that came with it.
  if (!prefillKnown) { for (const row of features) row[columns - 1] = 0; }
  const found = robustRegression(features, seconds);
  const relative = Float64Array.from(
    features,
    (row) => 1 / row.reduce((sum, x, j) => sum + x * found[j], 0) - 1,
  );
  let last = 0;
  const logOf = logs.flatMap(({ windows }, at) => windows.map(() => at));
  const ofLog = (at: number) => relative.filter((_, i) => logOf[i] === at);
  const slower = logs.map(({ windows }, at) => windows.length === 0 ? 0 : 100 * mean(ofLog(at)));
  const contextKnown = windows.some(({ context }) => context > 0);
  return {
    cost: {
      kind: "fitted",
      sequences,
      seconds: sequences.map((b, i) =>
        last = i === 0 ? found[0] : last + found[i] * (b - sequences[i - 1])
      ),
      perContextToken: found[columns - 2],
      perPrefillToken: prefillKnown ? found[columns - 1] : null,
      perPrefillSequence: prefillKnown ? 0 : null,
      perPrefillPair: prefillKnown ? 0 : null,
      perLoop: 0,
      perLoopSequence: 0,
      scatterShare: 0,
    },
    report: {
      basis: "stats lines",
      unknown: [
        ...prefillKnown ? [] : ["prefill" as const],
        ...contextKnown ? [] : ["context" as const],
        ...median(windows.map(({ hitRate }) => hitRate)) > HIT_RATE ? ["shared" as const] : [],
      ],
      logs: logs.map(({ source, engine, windows, usable, otherLines }, at) => ({
        ...{ source, engine, steps: windows.length, refused: 0, otherLines },
        ...usable > windows.length && { read: usable },
        slower_pct: slower[at],
      })),
      residuals: residualsByRegion(
        windows.map(({ running, promptRate }) => ({
          sequences: Math.round(running),
          prefill: promptRate > 0,
        })),
        relative,
        sequences[sequences.length - 1],
        {
          relative: relative.map((each, i) => (1 + each) / (1 + slower[logOf[i]] / 100) - 1),
          logOf,
        },
      ),
      noise: {
        step_sd_pct: 148.26 * median(relative.map(Math.abs)),
        stalled_steps_pct: 0,
        stalled_time_pct: 0,
        between_logs_pct: betweenLogs(slower),
      },
      ranges: {
        sequences: [
          Math.floor(Math.min(...windows.map(({ running }) => running))),
          Math.ceil(Math.max(...windows.map(({ running }) => running))),
        ],
        contextTokens: [0, Math.max(...windows.map(({ context }) => context))],
        prefillTokens: [0, Math.ceil(Math.max(...windows.map(promptTokensAStep)))],
      },
      leftOut: 0,
      leftOutBy: reasonsOf(logs),
    },
  };
}

/** Prompt tokens of a step on the average of the window. */
function promptTokensAStep({ promptRate, generationRate, running }: StatsWindow): number {
  return promptRate * running / generationRate;
}

/** Tokens that the running requests hold together; 0 where that is unknown. */
function contextOf({ kvUsage, running }: StatsWindow, cache: LoggedStats["cache"]): number {
  if (cache === undefined || Number.isNaN(kvUsage)) return 0;
  const held = kvUsage * cache.capacity - running * (cache.blockSize - 1) / 2;
  return Math.max(held, running);
}

/** By second: steps, steps times each stretch's share of the batch, steps times context, prompt tokens. */
function featuresOf(
  { running: b, generationRate, promptRate, context }: StatsWindow & { readonly context: number },
  knots: readonly number[],
): Float64Array {
  const steps = generationRate / b;
  const stretches = knots.slice(1).map((knot, i) =>
    steps * Math.max(0, (i === knots.length - 2 ? b : Math.min(b, knot)) - knots[i])
  );
  return Float64Array.of(steps, ...stretches, steps * context, promptRate);
}

/** 0, the largest load, and the knots between that have windows of their own. */
function knotsFor(windows: readonly StatsWindow[]): number[] {
  const largest = Math.ceil(Math.max(...windows.map(({ running }) => running)));
  const kept = [0];
  for (const knot of KNOTS) {
    const from = kept[kept.length - 1];
    const below = windows.filter(({ running: b }) => b > from && b <= knot).length;
    const above = windows.filter(({ running: b }) => b > knot).length;
    if (knot < largest && Math.min(below, above) >= WINDOWS_PER_KNOT) kept.push(knot);
  }
  return [...kept, largest];
}

/** Whether the cost of a prompt token comes out about the same from windows drawn anew. */
function isPrefillKnown(
  features: readonly Float64Array[],
  seconds: Float64Array,
  windows: readonly StatsWindow[],
): boolean {
  if (windows.filter(({ promptRate }) => promptRate > 0).length < PREFILLS_NEEDED) return false;
  const prompts = features[0].length - 1;
  const found = robustRegression(features, seconds)[prompts];
  const random = substream(1, "fit/stats");
  const again = Array.from({ length: RESAMPLES }, () => {
    const drawn = features.map(() => features[uniformInt(random, features.length)]);
    return robustRegression(drawn, seconds)[prompts];
  });
  return quantile(again, 0.05) * KNOWN_WITHIN >= found && found > 0 &&
    quantile(again, 0.95) <= KNOWN_WITHIN * found;
}

function reasonsOf(logs: readonly LoggedStats[]) {
  const sum = (reason: keyof LoggedStats["leftOut"]) =>
    logs.reduce((total, { leftOut }) => total + leftOut[reason], 0);
  return { idle: sum("idle"), unsteady: sum("unsteady"), preempting: sum("preempting") };
}

function refuseFew(logs: readonly LoggedStats[], windows: readonly StatsWindow[]): void {
  const loads = windows.map(({ running }) => running);
  const distinct = new Set(loads.map(Math.round)).size;
  const [low, high] = [Math.min(...loads), Math.max(...loads)];
  const few = windows.length < WINDOWS_NEEDED;
  if (!few && distinct >= LOADS_NEEDED && high >= LEAST_SPREAD * low) return;
  const { idle, unsteady, preempting } = reasonsOf(logs);
  throw new InputError({
    file: [...new Set(logs.map(({ source }) => source))].join(", "),
    expected: "lines of vLLM's --enable-logging-iteration-details, or ordinary stats lines with " +
      `at least ${WINDOWS_NEEDED} busy windows and ${LOADS_NEEDED} loads of which the largest is ` +
      `${LEAST_SPREAD} times the smallest: there are ${windows.length} such windows` +
      (windows.length > 0 ? ` with ${low} to ${high} requests running (${distinct} loads)` : "") +
      `; ${idle} idle ones, ${unsteady} in which the load doubles or halves and ${preempting} with ` +
      "preemptions say nothing",
  });
}
