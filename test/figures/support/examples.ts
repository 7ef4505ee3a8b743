import * as aq from "arquero";
import type { ColumnTable } from "arquero";
import { calibrationFactors } from "../../../src/figures/calibration-factors.ts";
import { clientSkew } from "../../../src/figures/client-skew.ts";
import { dispersionOverWidth } from "../../../src/figures/dispersion-over-width.ts";
import { effectAgainstBaseline } from "../../../src/figures/effect-against-baseline.ts";
import { alternatives } from "../../../src/figures/alternatives.ts";
import { effectByGroup } from "../../../src/figures/effect-by-group.ts";
import { effectOverLoad } from "../../../src/figures/effect-over-load.ts";
import { errorOverTime } from "../../../src/figures/error-over-time.ts";
import { errorPerScheduler } from "../../../src/figures/error-per-scheduler.ts";
import { estimateAgainstActual } from "../../../src/figures/estimate-against-actual.ts";
import { fidelityErrors } from "../../../src/figures/fidelity-errors.ts";
import type { Figure, FigureOptions } from "../../../src/figures/figure.ts";
import { firstTokenTails } from "../../../src/figures/first-token-tails.ts";
import { highestRates } from "../../../src/figures/highest-rates.ts";
import { latencyTail } from "../../../src/figures/latency-tail.ts";
import { lengthTails } from "../../../src/figures/length-tails.ts";
import { measuredAgainstSimulated } from "../../../src/figures/measured-against-simulated.ts";
import { queueDepth } from "../../../src/figures/queue-depth.ts";
import { recordedTail } from "../../../src/figures/recorded-tail.ts";
import { starvation } from "../../../src/figures/starvation.ts";
import { trafficOverTime } from "../../../src/figures/traffic-over-time.ts";
import { waitByTier } from "../../../src/figures/wait-by-tier.ts";
import { worldMap } from "../../../src/paper/figures/world-map.ts";
import { POLICIES } from "../../../src/policies/registry.ts";
import { CATEGORIES } from "../../../src/paper/categories.ts";
import { TIERS } from "../../../src/workload/tiers.ts";
import { pairedWith } from "./paired.ts";

type Row = Record<string, string | number | null>;

const COUNTINGS = ["split", "tokenizer"];
const POLICY_NAMES = POLICIES.names;

/** Errors that calibration halves with words and hardly moves with tokens. */
export const ERROR_OVER_TIME: readonly Row[] = pairedWith(
  COUNTINGS.flatMap((counting) =>
    ["none", "ema"].flatMap((calibration) =>
      Array.from({ length: 12 }, (_, bin) => {
        const level = calibration === "none" ? 120 : counting === "split" ? 60 : 119;
        const mae = level + (bin % 3) * 4 - (bin < 4 ? 30 : 0);
        return {
          counting,
          calibration,
          request: bin * 60 + 30,
          mae,
          low: mae - 8,
          high: mae + 8,
          phase: bin < 4 ? "learning" : "stress",
        };
      })
    )
  ),
  { column: "calibration", baseline: "none", value: "mae", margin: 10 },
);

/** Factors that leave 1 with words and stay there with tokens. */
export const CALIBRATION_FACTORS: readonly Row[] = COUNTINGS.flatMap((counting) =>
  CATEGORIES.flatMap((category, i) =>
    Array.from({ length: 10 }, (_, step) => {
      const rest = counting === "split" ? 0.5 + i * 0.04 : 0.97;
      const factor = 1 + (rest - 1) * Math.min(1, step / 4);
      return {
        counting,
        category,
        request: step * 50,
        factor,
        low: factor - 0.01,
        high: factor + 0.01,
      };
    })
  )
);

export const ERROR_PER_SCHEDULER: readonly Row[] = pairedWith(
  COUNTINGS.flatMap((counting) =>
    POLICY_NAMES.flatMap((policy, i) =>
      ["none", "ema"].map((calibration) => {
        const mae = (calibration === "none" ? 110 : counting === "split" ? 44 : 108) + i;
        return { policy, calibration, counting, mae, low: mae - 5, high: mae + 5, n: 30 };
      })
    )
  ),
  { column: "calibration", baseline: "none", value: "mae", margin: 5 },
);

export const ESTIMATES: readonly Row[] = ["none", "ema"].flatMap((calibration) =>
  CATEGORIES.flatMap((category, i) =>
    Array.from({ length: 8 }, (_, j) => {
      const actual = 40 + i * 110 + j * 7;
      const estimated = calibration === "none" ? actual * 1.5 : actual + (j % 2 === 0 ? 9 : -9);
      return { calibration, category, estimated, actual };
    })
  )
);

/** SJF is a tenth faster at P99; the others are alike. */
export const LATENCY_TAIL: readonly Row[] = pairedWith(
  POLICY_NAMES.flatMap((policy, i) =>
    Array.from({ length: 31 }, (_, step) => {
      const share = 10 ** (-step / 10);
      const longest = policy === "sjf" ? 540 : 600 + i;
      const seconds = longest * (1 - 0.95 * share);
      return { policy, share, seconds, low: seconds - 4, high: seconds + 4 };
    })
  ),
  { column: "policy", value: "seconds", margin: 4 },
);

export const EFFECTS: readonly Row[] = POLICY_NAMES.slice(1).flatMap((policy) =>
  ["mean", "p50", "p90", "p95", "p99"].map((metric) => {
    const effect = policy === "sjf" ? (metric === "p50" ? -0.35 : -0.12) : 0.004;
    const paper = policy === "sjf"
      ? (metric === "p50" ? -0.42 : metric === "p99" ? -0.16 : null)
      : null;
    return { policy, metric, effect, low: effect - 0.01, high: effect + 0.01, n: 30, paper };
  })
);

/** Under FIFO all tiers drain together, under the others one after the other. */
export const QUEUE_DEPTH: readonly Row[] = POLICY_NAMES.flatMap((policy) =>
  TIERS.flatMap((tier, rank) =>
    Array.from({ length: 21 }, (_, i) => {
      const end = policy === "fifo" ? 900 : 450 + rank * 225;
      const seconds = i * 50;
      return { policy, tier, seconds, depth: Math.max(0, Math.round(600 * (1 - seconds / end))) };
    })
  )
);

export const WAITS: readonly Row[] = pairedWith(
  POLICY_NAMES.flatMap((policy) =>
    TIERS.flatMap((tier, rank) =>
      ["p50", "p99", "max"].map((statistic, i) => {
        const seconds = (policy === "fifo" ? 300 : 90 + rank * 210) + i * 90;
        return { policy, tier, statistic, seconds, low: seconds - 6, high: seconds + 6 };
      })
    )
  ),
  { column: "policy", baseline: "fifo", value: "seconds", margin: 8 },
);

export const WORLDS: readonly Row[] = [0.2, 0.4, 0.6, 0.8, 1].flatMap((meanFraction) =>
  [0.4, 0.6, 0.8, 1].map((wordsPerToken) => {
    const effect = -0.7 + 1.1 * (meanFraction * wordsPerToken) ** 2;
    return { meanFraction, wordsPerToken, effect, low: effect - 0.02, high: effect + 0.02, n: 8 };
  })
);

export const WORLD_MARKS: readonly Row[] = [
  { label: "fraction of cap, measured words per token", at: [0.75, 0.72], effect: -0.6 },
  { label: "LMSYS lengths", at: [0.52, 0.7], effect: -0.41 },
  { label: "BurstGPT lengths", at: [0.53, 0.71], effect: -0.38 },
].map(({ label, at: [meanFraction, wordsPerToken], effect }) => ({
  label,
  meanFraction,
  wordsPerToken,
  effect,
  low: effect - 0.02,
  high: effect + 0.02,
}));

/** SJF halves the median and doubles the P99 around and above capacity; weighted hardly differs. */
export const EFFECTS_OVER_LOAD: readonly Row[] = ["in-flight 32", "pass-through"].flatMap((
  server,
) =>
  ["weighted", "sjf"].flatMap((policy) =>
    ["p50", "p99"].flatMap((metric) =>
      [0.3, 1, 2, 8].map((load) => {
        const moved = policy === "sjf" && load >= 1;
        const effect = moved ? (metric === "p50" ? -0.5 : 1) : 0.001;
        const paper = policy === "sjf" ? (metric === "p50" ? -0.42 : -0.16) : null;
        const [low, high] = [effect - 0.02, effect + 0.02];
        return { server, load, policy, metric, effect, low, high, n: 8, paper };
      })
    )
  )
);

export const CROSSINGS: readonly Row[] = [
  { server: "in-flight 32", worseFrom: 0.9, fromLow: 0.85, fromHigh: 0.95 },
  { server: "pass-through", worseFrom: null, fromLow: null, fromHigh: null },
];

/** Priority starves the batch tier, SJF the reports; nobody starves under FIFO. */
export const STARVATION: readonly Row[] = ["micro-batch 32", "in-flight 32"].flatMap((server) =>
  POLICY_NAMES.flatMap((policy) =>
    [
      ...TIERS.map((group) => ({ kind: "tier", group })),
      ...CATEGORIES.map((group) => ({ kind: "category", group })),
    ].map(({ kind, group }) => {
      const starves = policy === "priority" && group === "batch" ||
        policy === "sjf" && group === "report";
      const starved = starves ? (policy === "sjf" ? 0.5 : 0.7) : 0;
      const [low, high] = starves ? [starved - 0.03, starved + 0.03] : [0, 0];
      return { server, policy, kind, group, starved, low, high, longest: starves ? 240 : 8.5 };
    })
  )
);

/** One run simulated a tenth too slow, another recorded twice, 5 % apart. */
export const MEASURED_AND_SIMULATED: readonly Row[] = [
  { run: "ds_l5.fcfs16", other: "simulated", factor: 1.1 },
  { run: "ds_l5.fcfs32", other: "measured again", factor: 0.95 },
].flatMap(({ run, other, factor }) =>
  Array.from({ length: 12 }, (_, i) => {
    const measured = 0.3 * 1.4 ** i;
    return { run, other, measured, against: factor * measured };
  })
);

/** One recording within bounds, one that the machine's own speed explains, one that nothing does. */
export const FIDELITY_ERRORS: readonly Row[] = [
  { run: "ds_burst.client16.fifo", errors: [0.01, 0.03], own: [-0.02, 0], cause: "" },
  { run: "ds_l5.fcfs16", errors: [-0.22, -0.2], own: [-0.05, -0.05], cause: "machine" },
  { run: "other", errors: [0.3, 0.02], own: [0.25, 0.01], cause: "model" },
].flatMap(({ run, errors, own, cause }) =>
  ["e2e_p50", "e2e_p99"].map((metric, i) => ({
    ...{ run, metric, error: errors[i], bound: 0.1, noise: 0.02, ownSpeed: own[i] },
    cause: Math.abs(errors[i]) > 0.1 ? cause : "",
  }))
);

/** SJF halves the median and doubles the P99, measured a little more than simulated. */
export const RECORDED_TAIL: readonly Row[] = ["fifo", "sjf"].flatMap((policy) =>
  ["measured", "simulated"].flatMap((source) =>
    [[1, 0.2], [0.5, 8], [0.1, 14], [0.01, 20], [0.004, 22]].map(([share, fifo]) => {
      const factor = policy === "fifo" ? 1 : share > 0.1 ? 0.5 : 2;
      return { policy, source, share, seconds: fifo * factor * (source === "measured" ? 1 : 0.9) };
    })
  )
);

/** A bursty trace and a calm one; what is generated after the bursty one bursts half as much. */
export const DISPERSION: readonly Row[] = ["Azure code", "arena"].flatMap((trace) =>
  ["real", "generated"].flatMap((source) =>
    [1, 10, 100].map((seconds) => {
      const bursty = trace === "Azure code";
      const dispersion = bursty ? 10 * seconds ** 0.6 / (source === "real" ? 1 : 2) : 1.25;
      return { trace, source, seconds, dispersion };
    })
  )
);

/** Answers whose P99 is 8 times the median in one trace and 20 times in the other. */
export const LENGTH_TAILS: readonly Row[] = [["chat", 8], ["code", 20]].flatMap(([trace, heavy]) =>
  ["prompts", "answers"].flatMap((kind) =>
    [[1, 2], [0.5, 100], [0.01, kind === "prompts" ? 1000 : 100 * Number(heavy)]].map((
      [share, tokens],
    ) => ({ trace, kind, share, tokens }))
  )
);

/** A calm hour, and two days of which the last quarter has four times the traffic, short answers. */
export const TRAFFIC: readonly Row[] = [["hour", 1], ["days", 96]].flatMap(([trace, span]) =>
  Array.from({ length: 8 }, (_, i) => {
    const elapsed = (i + 0.5) / 8;
    const busy = trace === "days" && i >= 6;
    const arrivals = trace === "hour" ? 1 : busy ? 4 : 0;
    return {
      ...{ trace, hours: Number(span) * elapsed, elapsed, requests: 20 * arrivals, arrivals },
      answers: arrivals === 0 ? null : busy ? 0.5 : 1,
    };
  })
);

/** Ten clients of which three send nine tenths, and as many sessions alike. */
export const CLIENT_SKEW: readonly Row[] = ["clients", "sessions"].flatMap((unit) =>
  [1, 2, 3, 10].map((rank) => {
    const equal = rank / 10;
    return {
      ...{ trace: unit === "clients" ? "arena" : "RAG", unit, rank, of: 10 },
      ...{
        share: unit === "clients" ? Math.min(1, rank * 0.3 + (rank > 3 ? 1 : 0)) : equal,
        equal,
      },
    };
  })
);

/** Rows as a table. */
export function tableOf(rows: readonly Row[]): ColumnTable {
  return aq.from([...rows]);
}

/** With a cache the first token comes in half the time, at two loads. */
export const FIRST_TOKEN_TAILS: readonly Row[] = ["load 0.6", "load 0.9"].flatMap((setting, i) =>
  ["a cache", "no cache"].flatMap((variant) =>
    [[1, 0.1], [0.5, 1], [0.1, 4], [0.01, 10]].map(([share, seconds]) => ({
      ...{ setting, variant, share },
      seconds: seconds * (i + 1) * (variant === "a cache" ? 0.5 : 1),
    }))
  )
);

/** What the analysis says of them: the median is halved, the P99 at one load only. */
export const CACHE_EFFECTS: readonly Row[] = ["load 0.6", "load 0.9"].flatMap((setting, i) =>
  ["TTFT P50", "TTFT P99"].map((measure) => ({
    ...{ setting, variant: "a cache", measure, effect: -0.5, low: -0.6 },
    high: measure === "TTFT P99" && i === 0 ? 0.1 : -0.4,
  }))
);

/** Short requests gain, long ones pay, by two variants. */
export const EFFECT_BY_GROUP: readonly Row[] = ["SJF, all", "SJF, uncached"].flatMap((variant, i) =>
  ["TTFT mean", "TTFT P99"].flatMap((measure) =>
    [["short", -0.4], ["middling", 0], ["long", 0.5]].map(([group, change]) => {
      const effect = Number(change) + 0.02 * i;
      const margin = { low: effect - 0.05, high: effect + 0.05 };
      return { group, variant, measure, effect, ...margin, n: 12, baseline: "FCFS" };
    })
  )
);

/** One policy that lowers the median and raises the tail, and a server more that lowers both. */
export const ALTERNATIVES: readonly Row[] = [
  { group: "sjf, 32 in flight × 1", measure: "E2E P50", effect: -0.5, low: -0.6, high: -0.4 },
  { group: "sjf, 32 in flight × 1", measure: "E2E P99", effect: 0.8, low: -0.1, high: 20 },
  { group: "as it was × 2", measure: "E2E P50", effect: -0.3, low: -0.35, high: -0.25 },
  { group: "as it was × 2", measure: "E2E P99", effect: -0.2, low: -0.3, high: -0.1 },
].map((row) => ({ ...row, n: 40, baseline: "as it was × 1" }));

/** One server measured, one assumed, one that keeps nothing, one that does not fit. */
export const HIGHEST_RATES: readonly Row[] = [
  { rate: 5.2, rateLow: 4.9, rateHigh: 5.5, limit: "TPOT P99", basis: "measured" },
  { rate: 21.4, rateLow: 0, rateHigh: 30, limit: "TTFT P99", basis: "assumed" },
  { rate: 0, rateLow: 0, rateHigh: 0, limit: "TTFT P99", basis: "measured" },
  { rate: null, rateLow: null, rateHigh: null, limit: "does not fit", basis: null },
].map((row, i) => ({ card: i % 2 === 0 ? "A100" : "L4", model: i < 2 ? "8 B" : "70 B", ...row }));

/** A figure with a table that it can draw. */
export interface Example {
  readonly name: string;
  readonly rows: readonly Row[];
  draw(table: ColumnTable, options?: FigureOptions): Figure;
}

/** Every figure of the library, with small tables. */
export const EXAMPLES: readonly Example[] = [
  { name: "error-over-time", rows: ERROR_OVER_TIME, draw: errorOverTime },
  { name: "calibration-factors", rows: CALIBRATION_FACTORS, draw: calibrationFactors },
  { name: "error-per-scheduler", rows: ERROR_PER_SCHEDULER, draw: errorPerScheduler },
  { name: "estimate-against-actual", rows: ESTIMATES, draw: estimateAgainstActual },
  { name: "latency-tail", rows: LATENCY_TAIL, draw: latencyTail },
  { name: "effect-against-baseline", rows: EFFECTS, draw: effectAgainstBaseline },
  {
    name: "effect-over-load",
    rows: EFFECTS_OVER_LOAD,
    draw: (table, options) => effectOverLoad(table, { ...options, crossings: tableOf(CROSSINGS) }),
  },
  { name: "alternatives", rows: ALTERNATIVES, draw: alternatives },
  { name: "effect-by-group", rows: EFFECT_BY_GROUP, draw: effectByGroup },
  {
    name: "first-token-tails",
    rows: FIRST_TOKEN_TAILS,
    draw: (table, options) =>
      firstTokenTails(table, { ...options, effects: tableOf(CACHE_EFFECTS) }),
  },
  { name: "highest-rates", rows: HIGHEST_RATES, draw: highestRates },
  { name: "starvation", rows: STARVATION, draw: starvation },
  {
    name: "measured-against-simulated",
    rows: MEASURED_AND_SIMULATED,
    draw: measuredAgainstSimulated,
  },
  { name: "fidelity-errors", rows: FIDELITY_ERRORS, draw: fidelityErrors },
  { name: "recorded-tail", rows: RECORDED_TAIL, draw: recordedTail },
  { name: "dispersion-over-width", rows: DISPERSION, draw: dispersionOverWidth },
  { name: "length-tails", rows: LENGTH_TAILS, draw: lengthTails },
  { name: "traffic-over-time", rows: TRAFFIC, draw: trafficOverTime },
  { name: "client-skew", rows: CLIENT_SKEW, draw: clientSkew },
  { name: "queue-depth", rows: QUEUE_DEPTH, draw: queueDepth },
  { name: "wait-by-tier", rows: WAITS, draw: waitByTier },
  {
    name: "world-map",
    rows: WORLDS,
    draw: (table, options) => worldMap(table, { ...options, marks: tableOf(WORLD_MARKS) }),
  },
];
