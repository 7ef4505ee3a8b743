import type { ReadReport } from "../workload/readers/read-report.ts";
import type { ReadTrace } from "../workload/readers/trace-format.ts";
import {
  arrivalGaps,
  arrivalRate,
  type Arrivals,
  arrivalSpan,
  indexOfDispersion,
} from "../workload/statistics/arrivals.ts";
import { coefficientOfVariation } from "../workload/statistics/moments.ts";
import { mean, quantileSorted } from "../workload/statistics/quantile.ts";
import {
  summarizeWorkload,
  type WorkloadSummary,
} from "../workload/statistics/summarize-workload.ts";
import type { Labels } from "../workload/workload.ts";

/** Part of the requests that have a label. */
export interface LabelShare {
  readonly name: string;
  readonly share: number;
}

/** When requests came, answered or not. */
export interface ArrivalSummary {
  readonly requests: number;
  readonly span_s: number;
  readonly rate: number;
  readonly gap_cv: number;
  readonly idc_1s: number;
  readonly idc_10s: number;
  readonly idc_60s: number;
}

/** A measured duration, seconds. */
export interface DurationSummary {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What a trace holds. */
export interface TraceDescription {
  readonly report: ReadReport;
  /** Of the requests that were answered. */
  readonly statistics: WorkloadSummary;
  readonly tiers: readonly LabelShare[];
  readonly categories: readonly LabelShare[];
  /** Absent where the source names none, like the next. */
  readonly models?: readonly LabelShare[];
  readonly sessions?: { readonly count: number; readonly most_requests: number };
  /** Requests without an answer by what became of them, and when all requests came. */
  readonly unserved?: {
    readonly requests: number;
    readonly status: readonly LabelShare[];
    readonly all_arrivals: ArrivalSummary;
  };
  /** What the source measured: from sending (or arrival) to the first token, and to the last. */
  readonly measured?: {
    readonly ttft_s?: DurationSummary;
    readonly e2e_s?: DurationSummary;
    /** Between the first token and the last, a token. */
    readonly tpot_s?: DurationSummary;
  };
}

/**
 * Describes a trace: what its reader reported, when requests came, how long they are, whose they are
 * and what was measured. What `deno task trace describe` prints.
 *
 * @example
 * const { statistics } = describeTrace(await openTrace("BurstGPT_1.csv"));
 */
export function describeTrace(
  { workload, measured, unserved, report }: ReadTrace,
): TraceDescription {
  const { requests, truth } = workload;
  const { tier, category, model, session } = requests;
  const sent = measured?.sent ?? requests.arrival;
  return {
    report,
    statistics: summarizeWorkload(workload),
    tiers: labelShares(tier),
    categories: labelShares(category),
    ...model && { models: labelShares(model) },
    ...session && { sessions: sessionsOf(session) },
    ...unserved && {
      unserved: {
        requests: unserved.requests.size,
        status: labelShares(unserved.status),
        all_arrivals: summarizeArrivals(together(requests, unserved.requests)),
      },
    },
    ...(measured?.firstToken ?? measured?.finish) && {
      measured: {
        ...measured?.firstToken && { ttft_s: durationsOf(sent, measured.firstToken) },
        ...measured?.finish && { e2e_s: durationsOf(sent, measured.finish) },
        ...measured?.firstToken && measured.finish && {
          tpot_s: durationsOf(measured.firstToken, measured.finish, truth.outputTokens),
        },
      },
    },
  };
}

/** Rate and burstiness of arrivals. */
export function summarizeArrivals(arrivals: Arrivals): ArrivalSummary {
  return {
    requests: arrivals.size,
    span_s: arrivalSpan(arrivals),
    rate: arrivalRate(arrivals),
    gap_cv: coefficientOfVariation(arrivalGaps(arrivals)),
    idc_1s: indexOfDispersion(arrivals, 1),
    idc_10s: indexOfDispersion(arrivals, 10),
    idc_60s: indexOfDispersion(arrivals, 60),
  };
}

/** Share of each name that occurs, the largest first. */
export function labelShares({ codes, names }: Labels): LabelShare[] {
  const counts = new Float64Array(names.length);
  for (const code of codes) counts[code]++;
  return names.map((name, code) => ({ name, share: counts[code] / codes.length }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}

function sessionsOf({ codes, names }: Labels): { count: number; most_requests: number } {
  const counts = new Float64Array(names.length);
  for (const code of codes) if (names[code] !== "") counts[code]++;
  let count = 0;
  let most = 0;
  for (const requests of counts) {
    if (requests > 0) count++;
    most = Math.max(most, requests);
  }
  return { count, most_requests: most };
}

/** Arrivals of two sources on one clock. Both have one phase. */
function together(a: Arrivals, b: Arrivals): Arrivals {
  const arrival = new Float64Array(a.size + b.size);
  arrival.set(a.arrival);
  arrival.set(b.arrival, a.size);
  return { size: arrival.length, arrival: arrival.sort(), phases: a.phases };
}

/** Seconds between two instants, over the tokens after the first where given; known ones alone. */
function durationsOf(
  from: Float64Array,
  to: Float64Array,
  tokens?: Int32Array,
): DurationSummary {
  const durations = new Float64Array(to.length);
  let known = 0;
  for (let row = 0; row < to.length; row++) {
    const seconds = (to[row] - from[row]) / (tokens ? tokens[row] - 1 : 1);
    if (Number.isFinite(seconds)) durations[known++] = seconds;
  }
  const sorted = durations.subarray(0, known).sort();
  return {
    mean: mean(sorted),
    p50: quantileSorted(sorted, 0.5),
    p90: quantileSorted(sorted, 0.9),
    p99: quantileSorted(sorted, 0.99),
    max: sorted.at(-1) ?? NaN,
  };
}
