import { InputError } from "../../errors/input-error.ts";
import { machineDrift, SEGMENT } from "./machine-drift.ts";
import { median, robustRegression } from "../../statistics/robust-regression.ts";
import type { FitReport, ServerFile } from "../../servers/costs/server-file.ts";
import { betweenLogs } from "./between-logs.ts";
import { betweenSteps } from "./between-steps.ts";
import type { LoggedSteps } from "./logged-steps.ts";
import { residualsByRegion } from "./residuals-by-region.ts";

/** Batch sizes at which the cost of a step may bend, where the logs hold steps around them. */
const KNOTS = [0, 1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 28, 32, 48, 64, 96, 128, 192, 256, 384, 512];
/** Steps that a bend needs on its own stretch. */
const STEPS_PER_KNOT = 30;
/** Steps with prompts from which on they say what prefill costs. */
const PREFILLS_NEEDED = 10;
const DRIFT_ROUNDS = 4;
/** Share of the steps without which a fit is none. */
const MOST_LEFT_OUT = 0.2;
/** A step this much above its fitted time counts as stalled. */
const STALLED = 1.5;

/** What {@link fitStepCost} found. */
export interface FittedSteps {
  readonly cost: Extract<ServerFile["cost"], { kind: "fitted" }>;
  readonly report: FitReport;
}

/**
 * Fits what a step costs on a server to its iteration logs:
 *
 *     seconds = f(decoding sequences) + a·context + b·prompt tokens + c·prompts + d·pairs
 *
 * with f piecewise linear, and pairs of a prompt token and a token that it attends to. Huber's
 * regression on relative residuals, so that stalls don't count for their length. The machine may be
 * slower for a while or for a whole log ({@link machineDrift}): the fit is of its typical speed, and
 * the report says how far it strayed. What the scatter of steps adds to the typical one goes into
 * `scatterShare`; the time between two iterations, which the log doesn't time, into `perLoop` and
 * `perLoopSequence`.
 *
 * Steps in which a preempted request recomputes are left out: the log counts their tokens among
 * those generated, and not how many requests they are. Logs with hardly any prompts leave the costs
 * of prefill unknown: null.
 *
 * @param logs at least one; those of several engines are of one server
 * @throws InputError when more than 20 % of the steps had to be left out
 */
export function fitStepCost(logs: readonly LoggedSteps[]): FittedSteps {
  const leftOut = refuseMuchLeftOut(logs);
  const largest = Math.max(...logs.map(({ decoding }) => decoding.reduce((a, b) => a > b ? a : b)));
  const sequences = knotsFor(logs, largest);
  const rows: Float64Array[] = [];
  const measured: number[] = [];
  const logOf: number[] = [];
  const regions: { sequences: number; prefill: boolean }[] = [];
  logs.forEach((log, at) => {
    for (let i = 0; i < log.size; i++) {
      if (log.recomputes[i]) continue;
      rows.push(featuresOf(log, i, sequences));
      measured.push(log.seconds[i]);
      logOf.push(at);
      regions.push({ sequences: log.decoding[i], prefill: log.prefillTokens[i] > 0 });
    }
  });

  let coefficients = new Float64Array(sequences.length + 4);
  let drift = new Float64Array(rows.length).fill(1);
  const fitted = new Float64Array(rows.length);
  for (let round = 0; round < DRIFT_ROUNDS; round++) {
    const values = Float64Array.from(measured, (value, i) => value / drift[i]);
    coefficients = Float64Array.from(robustRegression(rows, values));
    rows.forEach((row, i) => fitted[i] = row.reduce((sum, x, j) => sum + x * coefficients[j], 0));
    const ratios = Float64Array.from(measured, (value, i) => value / fitted[i]);
    drift = Float64Array.from(machineDrift(ratios, logOf));
  }
  const relative = Float64Array.from(
    measured,
    (value, i) => value / (fitted[i] * drift[i]) - 1,
  );
  const [perContextToken, ...prefill] = coefficients.subarray(sequences.length);
  const prefills = regions.filter(({ prefill }) => prefill).length;
  const prefillKnown = prefills >= PREFILLS_NEEDED;
  const [perPrefillToken, perPrefillSequence, perPrefillPair] = prefill
    .map((seconds) => prefillKnown ? seconds : null);
  const unknown: FitReport["unknown"] = [
    ...prefillKnown ? [] : ["prefill" as const],
    ...largest > 0 ? [] : ["decode" as const],
    ...logs.some(({ context }) => context.some((tokens) => tokens > 0)) ? [] : ["context" as const],
    ...logs.some(({ hidesShared, logged }) => hidesShared === true && logged === undefined)
      ? ["shared" as const]
      : [],
  ];
  const strayed = Float64Array.from(measured, (value, i) => value / fitted[i] - 1);
  const slowness = logs.map((_, at) => shareOver(strayed, fitted, (i) => logOf[i] === at));
  return {
    cost: {
      kind: "fitted",
      sequences,
      seconds: Array.from(coefficients.subarray(0, sequences.length)),
      perContextToken,
      perPrefillToken,
      perPrefillSequence,
      perPrefillPair,
      ...betweenSteps(logs, slownessByStep(logs, drift)),
      scatterShare: shareOver(relative, fitted, () => true),
    },
    report: {
      basis: "iterations",
      unknown,
      logs: logs.map((log, at) => ({
        source: log.source,
        ...log.engine !== undefined && { engine: log.engine },
        ...log.run !== undefined && { run: log.run },
        steps: log.size,
        ...(log.read ?? log.size) > log.size && { read: log.read },
        refused: log.refused,
        otherLines: log.otherLines,
        slower_pct: 100 * slowness[at],
      })),
      residuals: residualsByRegion(regions, relative, largest, {
        relative: strayed.map((each, i) => (1 + each) / (1 + slowness[logOf[i]]) - 1),
        logOf,
      }),
      noise: { ...noiseOf(relative, fitted, slowness), ...driftOf(drift, logOf) },
      ranges: {
        sequences: rangeOf(logs.map(({ decoding }) => decoding)),
        contextTokens: rangeOf(logs.map(({ context }) => context)),
        prefillTokens: rangeOf(logs.map(({ prefillTokens }) => prefillTokens)),
      },
      ...sharedContext(logs),
      leftOut: leftOut.recomputing,
      leftOutBy: leftOut,
    },
  };
}

/** What the log says is held, against what the requests attend to, over the steps that only decode. */
function sharedContext(logs: readonly LoggedSteps[]): { sharedContext?: number } {
  let attended = 0, held = 0;
  for (const { logged, context, prefilling, size } of logs) {
    if (logged === undefined) continue;
    for (let i = 0; i < size; i++) {
      if (prefilling[i] > 0) continue;
      attended += context[i];
      held += logged.context[i];
    }
  }
  return attended > 0 ? { sharedContext: Math.max(0, 1 - held / attended) } : {};
}

/** Counts what can't be fitted by reason; refuses logs of which too little is left. */
function refuseMuchLeftOut(logs: readonly LoggedSteps[]) {
  let steps = 0, recomputing = 0, unreadable = 0, lost = 0;
  for (const log of logs) {
    const recomputes = log.recomputes.reduce((sum, is) => sum + is, 0);
    const read = log.read ?? log.size;
    recomputing += recomputes;
    unreadable += log.refused;
    steps += read + log.refused;
    lost += recomputes * (read / log.size) + log.refused;
  }
  if (lost <= MOST_LEFT_OUT * steps) return { recomputing, unreadable };
  throw new InputError({
    file: [...new Set(logs.map(({ source }) => source))].join(", "),
    expected:
      `iterations other than those that have to be left out, in ${
        100 * (1 - MOST_LEFT_OUT)
      } % of the steps at least: of ${steps}, ${recomputing} have more tokens than sequences ` +
      `(recomputation after a preemption), and ${unreadable} lines can't be read`,
  });
}

/** The machine's slowness by log and step; 1 in steps that are left out. */
function slownessByStep(logs: readonly LoggedSteps[], slowness: Float64Array): Float64Array[] {
  let at = 0;
  return logs.map(({ recomputes }) =>
    Float64Array.from(recomputes, (leftOut) => leftOut ? 1 : slowness[at++])
  );
}

/** Values of the linear model's terms in step `i`: hats over the knots, then the other four. */
function featuresOf(log: LoggedSteps, i: number, knots: readonly number[]): Float64Array {
  const row = new Float64Array(knots.length + 4);
  const b = log.decoding[i];
  const right = Math.max(1, knots.findIndex((knot) => knot >= b));
  const share = (b - knots[right - 1]) / (knots[right] - knots[right - 1]);
  row[right - 1] = 1 - share;
  row[right] = share;
  row[knots.length] = log.context[i];
  row[knots.length + 1] = log.prefillTokens[i];
  row[knots.length + 2] = log.prefilling[i];
  row[knots.length + 3] = log.prefillPairs[i];
  return row;
}

/** 0, the largest batch seen, and the knots between that have steps of their own. */
function knotsFor(logs: readonly LoggedSteps[], largest: number): number[] {
  const steps = new Int32Array(largest + 1);
  for (const { decoding, recomputes, size } of logs) {
    for (let i = 0; i < size; i++) if (!recomputes[i]) steps[decoding[i]]++;
  }
  const kept = [0];
  for (const knot of [...KNOTS.filter((each) => each > 0 && each < largest), largest]) {
    let around = 0;
    for (let b = kept[kept.length - 1] + 1; b <= knot; b++) around += steps[b];
    if (knot === largest || around >= STEPS_PER_KNOT) kept.push(knot);
  }
  // A server that never ran more than prompts: a flat line.
  if (largest === 0) kept[1] = 1;
  return kept;
}

/** Mean of relative residuals by time: what they add to the fitted seconds of the steps chosen. */
function shareOver(
  relative: Float64Array,
  fitted: Float64Array,
  chosen: (i: number) => boolean,
): number {
  let extra = 0, total = 0;
  for (let i = 0; i < relative.length; i++) {
    if (!chosen(i)) continue;
    extra += relative[i] * fitted[i];
    total += fitted[i];
  }
  return total > 0 ? extra / total : 0;
}

function noiseOf(relative: Float64Array, fitted: Float64Array, slowness: readonly number[]) {
  const stalled = relative.map((value) => value > STALLED - 1 ? 1 : 0);
  const steps = stalled.reduce((sum, value) => sum + value, 0);
  const lost = stalled.reduce((sum, is, i) => sum + is * relative[i] * fitted[i], 0);
  const total = fitted.reduce((sum, value) => sum + value, 0);
  return {
    step_sd_pct: 100 * 1.4826 * median(relative.map(Math.abs)),
    stalled_steps_pct: 100 * steps / relative.length,
    stalled_time_pct: 100 * lost / total,
    between_logs_pct: 100 * betweenLogs(slowness),
  };
}

/** How far the speed strays within a log, and for how long: a machine slow for a while makes queues. */
function driftOf(drift: Float64Array, logOf: readonly number[]) {
  let squares = 0, products = 0, freedom = 0;
  for (const steps of Map.groupBy(drift.keys(), (i) => logOf[i]).values()) {
    const speeds = steps.filter((_, i) => i % SEGMENT === 0).map((i) => drift[i]);
    const centre = speeds.reduce((sum, each) => sum + each, 0) / speeds.length;
    const strayed = speeds.map((each) => each / centre - 1);
    strayed.forEach((each, i) => {
      squares += each * each;
      if (i > 0) products += each * strayed[i - 1];
    });
    freedom += speeds.length - 1;
  }
  const variance = freedom > 0 ? squares / freedom : 0;
  return {
    drift_pct: 100 * Math.sqrt(variance),
    drift_steps: SEGMENT,
    drift_kept: variance > 0 ? Math.min(Math.max(products / squares, 0), 0.99) : 0,
  };
}

function rangeOf(columns: readonly ArrayLike<number>[]): [number, number] {
  let low = Infinity, high = -Infinity;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      low = Math.min(low, column[i]);
      high = Math.max(high, column[i]);
    }
  }
  return [low, high];
}
