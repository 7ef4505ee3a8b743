import * as z from "zod";
import { substream } from "../../../random/substream.ts";
import { InputError } from "../../../errors/input-error.ts";
import { parseWith } from "../../../errors/parse-with.ts";
import { arrivalGaps, type Arrivals } from "../../statistics/arrivals.ts";
import { ksDistance } from "../../../statistics/kolmogorov-smirnov.ts";
import { sharedPrefixShare } from "../../statistics/shared-prefixes.ts";
import type { Workload } from "../../workload.ts";
import { generateWorkload } from "../generate-workload.ts";
import type { WorkloadSpecInput } from "../workload-spec.ts";
import {
  arrivalsWithin,
  fitArrivals,
  type FittedArrivals,
  IN_WINDOW,
  trialsFor,
} from "./fit-arrivals.ts";
import { copulaCorrelation, fitLengths } from "./fit-lengths.ts";
import {
  arrivalGoodness,
  type GoodnessRow,
  TOLERANCES,
  workloadGoodness,
  worstMiss,
} from "./goodness.ts";

/** How a trace is fitted. */
export const FitOptions = z.strictObject({
  /** Seed of the returned spec, and of what the fit is judged by. */
  seed: z.int().default(1),
  /**
   * Requests from which on a tenant's category gets arrivals of its own; smaller ones share a
   * stream. At most 256 get one, the largest.
   */
  streamRequests: z.int().min(20).default(200),
  /** Workloads that are generated to judge the fit. */
  trials: z.int().min(1).max(100).default(5),
});
export type FitOptions = z.input<typeof FitOptions>;

/** Requests from which on a class in a shared stream has lengths of its own. */
const CLASS_REQUESTS = 50;
const MOST_STREAMS = 256;
/** KS distance of the lengths of the trace's halves above which they are said to drift. */
const DRIFT_KS = 0.1;
/** Share of gaps of 0 above which the trace's clock is said to be too coarse. */
const TIED_SHARE = 0.05;

/** One stream of a fitted spec, in words. */
export interface FittedStream {
  readonly name: string;
  readonly requests: number;
  /** What its arrivals are, for example `40 windows of 87.6 s, Gamma gaps of CV 1.02`. */
  readonly arrivals: string;
  /** Laws of prompts and answers of each class. */
  readonly lengths: readonly string[];
}

/** A generator fitted to a trace, and how well. */
export interface WorkloadFit {
  /** To be given to `generateWorkload`, as it is or changed: a plain value. */
  readonly spec: WorkloadSpecInput;
  readonly streams: readonly FittedStream[];
  /** The original beside workloads that the spec generates with other seeds. */
  readonly goodness: readonly GoodnessRow[];
  /** What the generator gets wrong or leaves out, in words; empty where nothing was found. */
  readonly misfits: readonly string[];
}

/**
 * Fits a generator to a trace: for each client with enough requests (a tenant's category) windows of
 * constant rate with Gamma, Weibull or quantile gaps, and lognormal, Zipf or quantile lengths whose
 * prompts and answers are joined by a Gaussian copula. Source of the form: ServeGen (clients, windows
 * of rate and CV) and BurstGPT (Gamma gaps, Zipf lengths).
 *
 * How it is judged: the spec generates five workloads; the mean of each statistic is compared with
 * the original's. Within tolerance is a rate to 5 %, a coefficient of variation to 15 %, indices of
 * dispersion at 1, 10 and 60 s to 25 % (where the trace has 20 such bins, and two standard errors of
 * so many where that is more), mean lengths to 10 %, a
 * correlation to 0.1 and KS distances of gaps and lengths up to 0.1. All else is named in `misfits`.
 *
 * Its limits. The rates are those of the trace's own windows: seeds give other arrivals under the
 * same load curve, not another day, so that what is as long as a window repeats (give
 * `resampleBlocks` the result for another order). Clients are independent but for their rates: where
 * they burst within the same second, that is lost, and a larger `streamRequests` puts them into one
 * stream. Lengths do not depend on time, on one another or on the load; sessions and shared prefixes are not made.
 *
 * Throws an InputError for a workload of several phases (fit each alone), of fewer than 20 requests
 * or of no duration.
 *
 * @example
 * const { spec, misfits } = fitWorkload(trace);
 * const busier = generateWorkload({ ...spec, seed: 2, requests: 5000 });
 */
export function fitWorkload(workload: Workload, options: FitOptions = {}): WorkloadFit {
  const { seed, streamRequests, trials } = parseWith(FitOptions, options, "fitWorkload options");
  const { requests } = workload;
  refuseUnfit(workload);
  const span = requests.arrival[requests.size - 1] - requests.arrival[0];
  const groups = streamsOf(workload, streamRequests);
  const arrivals = fitTogether(workload, groups.map((stream) => rowsOf(stream)), seed);
  const fitted = groups.map(({ name, groups }, i) => {
    const shared = groups.filter((group) => group.rows.length < CLASS_REQUESTS)
      .flatMap((group) => group.rows);
    const ofShared = shared.length > 0 ? lengthsOf(workload, shared) : undefined;
    const classes = groups.map((group) => {
      const own = group.rows.length < CLASS_REQUESTS ? ofShared! : lengthsOf(workload, group.rows);
      return {
        ...group.labels,
        weight: group.rows.length,
        prompt: own.prompt.spec,
        output: own.output.spec,
        correlation: own.correlation,
        maxTokens: group.rows.reduce((most, row) => Math.max(most, requests.maxTokens[row]), 1),
      };
    });
    return { name, requests: rowsOf({ groups }).length, arrivals: arrivals[i], classes };
  });

  const spec = {
    name: `${workload.name}, generated`,
    seed,
    // What arrives at the very end of the trace is inside.
    seconds: span * (1 + Number.EPSILON),
    streams: fitted.map(({ name, arrivals, classes }) => ({
      name,
      arrivals: arrivals.spec,
      classes,
    })),
  } satisfies WorkloadSpecInput;
  const goodness = workloadGoodness(
    workload,
    Array.from({ length: trials }, (_, trial) => generateWorkload({ ...spec, seed: seed + trial })),
  );
  return {
    spec,
    streams: fitted.map(({ name, requests, arrivals, classes }) => ({
      name,
      requests,
      arrivals: arrivals.description,
      lengths: classes.map(({ prompt, output, correlation }) =>
        `prompts ${prompt.model}, answers ${output.model}, correlation ${correlation.toFixed(2)}`
      ),
    })),
    goodness,
    misfits: [...missesOf(goodness), ...omissionsOf(workload)],
  };
}

/**
 * Arrivals of all streams. Streams that fit alone may not fit together: clients burst at the same
 * time. Then the windows of all of them are made shorter, since the rates are what they share.
 */
function fitTogether(
  { requests }: Workload,
  streams: readonly (readonly number[])[],
  seed: number,
): FittedArrivals[] {
  const { arrival, size } = requests;
  const span = arrival[size - 1] - arrival[0];
  const onePhase = (times: Float64Array): Arrivals => ({
    size: times.length,
    arrival: times,
    phases: [{ name: "fit", first: 0, afterDrainSeconds: 0 }],
  });
  const own = streams.map((rows) =>
    onePhase(Float64Array.from(rows, (row) => arrival[row] - arrival[0]))
  );
  let best: { readonly fits: FittedArrivals[]; readonly miss: number } | undefined;
  const limits = [Infinity, ...IN_WINDOW.map((inWindow) => inWindow * span / size)];
  for (const longestWindow of streams.length === 1 ? [Infinity] : limits) {
    const fits = own.map((each) => fitArrivals(each, { span, longestWindow, seed }));
    if (streams.length === 1) return fits;
    const together = Array.from({ length: trialsFor(size) }, (_, trial) =>
      onePhase(
        fits.map(({ spec }, i) => arrivalsWithin(spec, span, substream(seed, `fit/${trial}/${i}`)))
          .reduce(joined)
          .sort(),
      ));
    const miss = worstMiss(arrivalGoodness(requests, together));
    if (best === undefined || miss < best.miss) best = { fits, miss };
    if (miss <= 1) break;
  }
  return best!.fits;
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Rows of a stream, in order. */
function rowsOf({ groups }: { readonly groups: readonly Group[] }): number[] {
  return groups.flatMap((group) => group.rows).sort((a, b) => a - b);
}

function refuseUnfit({ requests }: Workload): void {
  const refuse = (field: string, value: unknown, expected: string) => {
    throw new InputError({ file: "fitWorkload", field, value, expected });
  };
  if (requests.phases.length > 1) {
    refuse("phases", requests.phases.map(({ name }) => name), "one phase: fit each alone");
  }
  if (requests.size < 20) refuse("size", requests.size, "at least 20 requests");
  if (!(requests.arrival[requests.size - 1] > requests.arrival[0])) {
    refuse("arrival", requests.arrival[0], "arrivals at more than one instant");
  }
}

/** Requests of one tenant, tier and category. */
interface Group {
  readonly labels: { readonly tenant: string; readonly tier: string; readonly category: string };
  readonly rows: number[];
}

/** Large groups have streams of their own, the largest first; the others share one. */
function streamsOf(
  { requests: { size, tenant, tier, category } }: Workload,
  streamRequests: number,
): { readonly name: string; readonly groups: readonly Group[] }[] {
  const groups = new Map<string, Group>();
  for (let row = 0; row < size; row++) {
    const key = `${tenant.codes[row]}/${tier.codes[row]}/${category.codes[row]}`;
    let group = groups.get(key);
    if (group === undefined) {
      const labels = {
        tenant: tenant.names[tenant.codes[row]],
        tier: tier.names[tier.codes[row]],
        category: category.names[category.codes[row]],
      };
      groups.set(key, group = { labels, rows: [] });
    }
    group.rows.push(row);
  }
  const bySize = [...groups.values()].sort((a, b) =>
    b.rows.length - a.rows.length || a.rows[0] - b.rows[0]
  );
  const own = bySize.slice(0, MOST_STREAMS).filter(({ rows }) => rows.length >= streamRequests);
  const others = bySize.slice(own.length);
  return [
    ...own.map((group) => {
      const { labels: { tenant, tier, category } } = group;
      return { name: `${tenant} / ${tier} / ${category}`, groups: [group] };
    }),
    ...(others.length > 0 ? [{ name: "others", groups: others }] : []),
  ];
}

function lengthsOf({ requests, truth }: Workload, rows: readonly number[]) {
  const prompt = Int32Array.from(rows, (row) => Math.max(1, requests.promptTokens[row]));
  const output = Int32Array.from(rows, (row) => Math.max(1, truth.outputTokens[row]));
  return {
    prompt: fitLengths(prompt),
    output: fitLengths(output),
    correlation: copulaCorrelation(prompt, output),
  };
}

function missesOf(goodness: readonly GoodnessRow[]): string[] {
  return goodness.filter(({ within }) => !within).map((row) => {
    const { statistic, original, generated, tolerance } = row;
    return statistic.endsWith("_ks")
      ? `${statistic}: ${digits(generated)} apart, more than ${TOLERANCES.ks}`
      : `${statistic}: ${digits(generated)} generated, ${digits(original)} in the trace; ` +
        `the tolerance is ± ${digits(tolerance)}`;
  });
}

/** What no stationary law of lengths and no continuous clock can give. */
function omissionsOf(workload: Workload): string[] {
  const { requests, truth } = workload;
  const shared = sharedPrefixShare(workload) ?? 0;
  const prefixes = shared > 0
    ? [
      `${
        digits(100 * shared)
      } % of prompt tokens repeat an earlier prefix: generated prompts share ` +
      "nothing, unless the spec's classes have prompts",
    ]
    : [];
  const half = requests.size >> 1;
  const drifts = ([
    ["prompts", requests.promptTokens],
    ["answers", truth.outputTokens],
  ] as const).flatMap(([name, tokens]) => {
    const distance = ksDistance(tokens.subarray(0, half), tokens.subarray(half));
    return distance > DRIFT_KS
      ? [
        `lengths of ${name} change over the trace (KS distance of its halves ${
          digits(distance)
        }): ` +
        "generated lengths do not, unless the spec has a drift",
      ]
      : [];
  });
  const gaps = arrivalGaps(requests);
  const tied = gaps.filter((gap) => gap === 0).length / gaps.length;
  const ties = tied > TIED_SHARE
    ? [
      `${Math.round(100 * tied)} % of the gaps are 0, so the trace's clock is coarse or requests ` +
      "come in batches; generated gaps are spread out",
    ]
    : [];
  return [...drifts, ...ties, ...prefixes];
}

const digits = (value: number) => String(Number(value.toPrecision(3)));
