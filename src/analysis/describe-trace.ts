import type { ReadReport } from "../workload/readers/read-report.ts";
import type { Measured, ReadTrace } from "../workload/readers/trace-format.ts";
import type { Arrivals } from "../workload/statistics/arrivals.ts";
import { type LabelShare, labelShares } from "../workload/statistics/label-shares.ts";
import { type NumberSummary, summarizeSorted } from "../workload/statistics/summarize-numbers.ts";
import {
  type ArrivalSummary,
  summarizeArrivals,
} from "../workload/statistics/summarize-arrivals.ts";
import {
  summarizeWorkload,
  type WorkloadSummary,
} from "../workload/statistics/summarize-workload.ts";
import { sharedPrefixShare } from "../workload/statistics/shared-prefixes.ts";
import { type Burstiness, poissonAtGrain, timeGrain } from "../workload/statistics/time-grain.ts";
import type { Labels } from "../workload/workload.ts";

/** What a trace holds. */
export interface TraceDescription {
  readonly report: ReadReport;
  /** Of the requests that were answered. */
  readonly statistics: WorkloadSummary;
  /**
   * Where times were logged in whole seconds, minutes or batches: in what steps, and the burstiness that a
   * Poisson process of this rate would seem to have then. Absent where times are finer than a second.
   */
  readonly coarse_times?: { readonly grain_s: number; readonly poisson: Burstiness };
  readonly tiers: readonly LabelShare[];
  readonly categories: readonly LabelShare[];
  /** Absent where the source names none, like the next. */
  readonly models?: readonly LabelShare[];
  readonly sessions?: { readonly count: number; readonly most_requests: number };
  /**
   * Share of all prompt tokens that repeat an earlier prefix in whole blocks of 16 tokens: an upper
   * bound of a prefix cache's hit rate. Absent where the source does not say what prompts share.
   */
  readonly shared_prefix_share?: number;
  /** Requests without an answer by what became of them, and when all requests came. */
  readonly unserved?: {
    readonly requests: number;
    readonly status: readonly LabelShare[];
    readonly all_arrivals: ArrivalSummary;
  };
  /**
   * What the source measured, in seconds, to the first token and to the last. From send only where the
   * source says when requests were sent.
   */
  readonly measured?: {
    /** From send where that is known, else from arrival. */
    readonly ttft_s?: NumberSummary;
    readonly ttft_from_send_s?: NumberSummary;
    readonly ttft_from_arrival_s?: NumberSummary;
    /** As `ttft_s`. */
    readonly e2e_s?: NumberSummary;
    readonly e2e_from_send_s?: NumberSummary;
    readonly e2e_from_arrival_s?: NumberSummary;
    /** Between the first token and the last, a token. */
    readonly tpot_s?: NumberSummary;
  };
}

/**
 * Describes a trace: what its reader reported, when requests came, how long they are, whose they are
 * and what was measured. What `deno task trace describe` prints.
 *
 * @example
 * const { statistics } = tables.describeTrace(await openTrace("BurstGPT_1.csv"));
 */
export function describeTrace(
  { workload, measured, unserved, report }: ReadTrace,
): TraceDescription {
  const { requests, truth } = workload;
  const { tier, category, model, session } = requests;
  const shared = sharedPrefixShare(workload);
  const statistics = summarizeWorkload(workload);
  const all = unserved ? together(requests, unserved.requests) : requests;
  const grain = timeGrain(all.arrival);
  return {
    report,
    statistics,
    ...grain > 0 && {
      coarse_times: { grain_s: grain, poisson: poissonAtGrain(statistics.rate, grain) },
    },
    tiers: labelShares(tier),
    categories: labelShares(category),
    ...model && { models: labelShares(model) },
    ...session && { sessions: sessionsOf(session) },
    ...shared !== undefined && { shared_prefix_share: shared },
    ...unserved && {
      unserved: {
        requests: unserved.requests.size,
        status: labelShares(unserved.status),
        all_arrivals: summarizeArrivals(all),
      },
    },
    ...measured && isMeasured(measured) && {
      measured: measuredOf(measured, requests.arrival, truth.outputTokens),
    },
  };
}

function isMeasured({ firstToken, finish, durations = {} }: Measured): boolean {
  return (firstToken ?? finish ?? durations.ttft ?? durations.e2e) !== undefined;
}

/**
 * Latencies of what was measured. A source that does not know when requests were sent may still say how
 * long their answers took from then.
 */
function measuredOf(
  { sent, firstToken, finish, durations = {} }: Measured,
  arrival: Float64Array,
  outputTokens: Int32Array,
): NonNullable<TraceDescription["measured"]> {
  if (firstToken || finish) {
    return latenciesOf({ sent, firstToken, finish, arrival }, outputTokens);
  }
  const { ttft, e2e } = durations;
  return latenciesOf(
    { sent: new Float64Array(arrival.length), firstToken: ttft, finish: e2e },
    outputTokens,
  );
}

function latenciesOf(
  { sent, firstToken, finish, arrival }: Measured & { arrival?: Float64Array },
  outputTokens: Int32Array,
): NonNullable<TraceDescription["measured"]> {
  /** The latencies up to an instant, by their origins. */
  const upTo = (name: "ttft" | "e2e", instant: Float64Array | undefined) =>
    instant && {
      [`${name}_s`]: durationsOf((sent ?? arrival)!, instant),
      ...sent && { [`${name}_from_send_s`]: durationsOf(sent, instant) },
      ...arrival && { [`${name}_from_arrival_s`]: durationsOf(arrival, instant) },
    };
  return {
    ...upTo("ttft", firstToken),
    ...upTo("e2e", finish),
    ...firstToken && finish && { tpot_s: durationsOf(firstToken, finish, outputTokens) },
  };
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

/**
 * Seconds between two instants, over the tokens after the first where given; known ones alone. An
 * answer of one token or none has no token after the first.
 */
function durationsOf(
  from: Float64Array,
  to: Float64Array,
  tokens?: Int32Array,
): NumberSummary {
  const durations = new Float64Array(to.length);
  let known = 0;
  for (let row = 0; row < to.length; row++) {
    const parts = tokens ? tokens[row] - 1 : 1;
    const seconds = (to[row] - from[row]) / parts;
    if (parts > 0 && Number.isFinite(seconds)) durations[known++] = seconds;
  }
  return summarizeSorted(durations.subarray(0, known).sort());
}
