import { parseWith } from "../../../errors/parse-with.ts";
import { type Random, substream } from "../../../random/substream.ts";
import type { Arrivals } from "../../statistics/arrivals.ts";
import { coefficientOfVariation, variance } from "../../../statistics/moments.ts";
import { mean, quantileSorted } from "../../../statistics/quantile.ts";
import { arrivalProcess, ArrivalSpec } from "../arrivals/arrival-spec.ts";
import { arrivalGoodness, worstMiss } from "./goodness.ts";

/** Mean requests in a window, coarsest first. */
export const IN_WINDOW = [500, 200, 100, 50, 20, 10, 5];
/** Windows at most: of longer traces only the coarser ones are tried. */
const MOST_WINDOWS = 20_000;
/** Kinds of windows, by how much arrives in them: the laws of their gaps differ. */
const MOST_KINDS = 8;
/** Requests that a kind has at least. */
const IN_KIND = 200;
/** Quantiles of a law of gaps. */
const QUANTILES = 65;
/** Arrivals below which nothing but a rate is fitted. */
export const FEWEST_ARRIVALS = 20;
/** Arrivals from which on one trial of a candidate says enough. */
const MANY_ARRIVALS = 50_000;

/** Workloads with which a candidate for `size` arrivals is tried. */
export function trialsFor(size: number): number {
  return size < MANY_ARRIVALS ? 3 : 1;
}

/** A process fitted to arrivals. */
export interface FittedArrivals {
  readonly spec: ArrivalSpec;
  /** What it is, in words. */
  readonly description: string;
  /** The worst statistic's distance from the original's, in tolerances: at most 1 is a fit. */
  readonly miss: number;
}

/** What arrivals are fitted with. */
export interface FitArrivalsOptions {
  /** Seconds that the windows cover, from the phase's start on; no arrival is after it. */
  readonly span: number;
  /** Longest window, seconds. @default Infinity */
  readonly longestWindow?: number;
  readonly seed: number;
}

/**
 * Fits windows of constant rate with gaps of one law per kind of window. Tried are, in this order,
 * Gamma and Weibull gaps of the observed variation and gaps by quantiles, each with windows from
 * coarse (500 requests on average) to fine (5): the first that reaches all tolerances is taken,
 * else the one that comes nearest.
 *
 * A count is not a rate: it varies by chance, which the generator adds again. Hence the counts of
 * windows that are not empty are drawn together around their mean, until their variance and that of
 * the gaps make the counts' variance; of a process without a load curve one rate is left. Empty
 * windows stay empty, as they hold the long gaps.
 *
 * Gaps are looked at on the clock of expected requests, on which the rate is 1, so that what a
 * window's rate explains is not explained again. Windows are of up to eight kinds by what arrives in
 * them, with as many requests in each kind.
 *
 * @param arrivals one phase, at least two arrivals and a span above 0
 */
export function fitArrivals(arrivals: Arrivals, options: FitArrivalsOptions): FittedArrivals {
  const { span, longestWindow = Infinity, seed } = options;
  const { arrival, size } = arrivals;
  if (size < FEWEST_ARRIVALS) {
    return {
      spec: { process: "poisson", rate: size / span },
      description: `Poisson, as ${size} requests are too few to say more`,
      miss: NaN,
    };
  }
  let best: FittedArrivals | undefined;
  for (const law of ["gamma", "weibull", "quantiles"] as const) {
    for (const windows of windowNumbers(size, span / longestWindow)) {
      const fitted = windowsOf(arrival, { windows, span, law });
      const miss = worstMiss(arrivalGoodness(arrivals, trials(fitted.spec, { size, span, seed })));
      if (best === undefined || miss < best.miss) best = { ...fitted, miss };
      if (miss <= 1) return best;
    }
  }
  return best!;
}

/** Numbers of windows to try, fewest first, all of them at least `fewest`. */
function windowNumbers(size: number, fewest: number): number[] {
  const numbers = IN_WINDOW.map((inWindow) => Math.max(1, Math.round(size / inWindow)))
    .filter((windows) => windows >= fewest && windows <= MOST_WINDOWS);
  return numbers.length > 0
    ? [...new Set(numbers)]
    : [Math.min(MOST_WINDOWS, Math.max(1, Math.ceil(fewest)))];
}

interface WindowOptions {
  readonly windows: number;
  readonly span: number;
  readonly law: "gamma" | "weibull" | "quantiles";
}

function windowsOf(
  arrival: Float64Array,
  { windows, span, law }: WindowOptions,
): Omit<FittedArrivals, "miss"> {
  const seconds = span / windows;
  const windowOf = (time: number) => Math.min(windows - 1, Math.floor(time / seconds));
  const counts = new Float64Array(windows);
  for (const time of arrival) counts[windowOf(time)]++;
  const kinds = Math.max(1, Math.min(MOST_KINDS, Math.floor(arrival.length / IN_KIND)));
  const kindOf = kindsByCount(counts, { size: arrival.length, kinds });
  const one = { kinds: 1, kindOf: new Int32Array(windows), seconds, windowOf };
  const [all] = gapsByKind(arrival, { ...one, expected: counts });
  const expected = drawnTogether(counts, cvOf(all));
  const gaps = gapsByKind(arrival, { kinds, kindOf, seconds, windowOf, expected });
  const rates = Array.from(expected, (count) => count / seconds);
  const base = { process: "windows", windowSeconds: seconds, rates } as const;
  const told = `${windows} windows of ${Number(seconds.toPrecision(3))} s`;
  if (law === "quantiles") {
    const laws = gaps.map((sorted) =>
      Array.from({ length: QUANTILES }, (_, i) => quantileSorted(sorted, i / (QUANTILES - 1)))
    );
    return {
      spec: checked({ ...base, gapQuantiles: { laws, ofWindow: Array.from(kindOf) } }),
      description: `${told}, gaps by quantiles`,
    };
  }
  const cvs = gaps.map((sorted) => Math.min(law === "weibull" ? 20 : 50, cvOf(sorted)));
  return {
    spec: checked({ ...base, family: law, cv: Array.from(kindOf, (kind) => cvs[kind]) }),
    description: `${told}, ${law === "gamma" ? "Gamma" : "Weibull"} gaps of CV ` +
      [...new Set(cvs.map((cv) => cv.toFixed(2)))].join(", "),
  };
}

/** Defaults filled in; an InputError for rates that no trace in seconds has. */
const checked = (spec: unknown) => parseWith(ArrivalSpec, spec, "fitWorkload, fitted arrivals");

/** Counts of non-empty windows around their mean, without the variance that gaps of this CV make. */
function drawnTogether(counts: Float64Array, cv: number): Float64Array {
  const filled = counts.filter((count) => count > 0);
  const centre = mean(filled);
  const spread = variance(filled);
  const share = spread > 0 ? Math.sqrt(Math.max(0, 1 - cv * cv * centre / spread)) : 0;
  return counts.map((count) => count > 0 ? centre + share * (count - centre) : 0);
}

const cvOf = (gaps: Float64Array) => {
  const cv = coefficientOfVariation(gaps);
  return Number.isFinite(cv) ? cv : 1;
};

/** Kind of each window, 0 for those with the least arrivals; the kinds share requests evenly. */
function kindsByCount(
  counts: Float64Array,
  { size, kinds }: { readonly size: number; readonly kinds: number },
): Int32Array {
  const kindOf = new Int32Array(counts.length);
  const order = Array.from(counts.keys()).sort((a, b) => counts[a] - counts[b] || a - b);
  let before = 0;
  for (const window of order) {
    kindOf[window] = Math.min(kinds - 1, Math.floor(before / size * kinds));
    before += counts[window];
  }
  return kindOf;
}

interface Windowed {
  readonly kinds: number;
  /** Requests expected in each window. */
  readonly expected: Float64Array;
  readonly kindOf: Int32Array;
  readonly seconds: number;
  readonly windowOf: (time: number) => number;
}

/** Gaps on the clock of expected requests by the kind of the window in which they begin, sorted. */
function gapsByKind(
  arrival: Float64Array,
  { expected, kinds, kindOf, seconds, windowOf }: Windowed,
): Float64Array[] {
  const before = new Float64Array(expected.length);
  for (let i = 1; i < expected.length; i++) before[i] = before[i - 1] + expected[i - 1];
  const clock = (time: number) => {
    const window = windowOf(time);
    return before[window] + expected[window] * (time / seconds - window);
  };
  const gaps: number[][] = Array.from({ length: kinds }, () => []);
  const all: number[] = [];
  let last = clock(arrival[0]);
  for (let i = 1; i < arrival.length; i++) {
    const now = clock(arrival[i]);
    gaps[kindOf[windowOf(arrival[i - 1])]].push(now - last);
    all.push(now - last);
    last = now;
  }
  // A kind of few windows, or of none, has the gaps of all.
  return gaps.map((own) => {
    const sorted = Float64Array.from(own.length >= FEWEST_ARRIVALS ? own : all).sort();
    return sorted[sorted.length - 1] > 0 ? sorted : Float64Array.of(1, 1);
  });
}

function trials(
  spec: ArrivalSpec,
  { size, span, seed }: { readonly size: number; readonly span: number; readonly seed: number },
): Arrivals[] {
  return Array.from({ length: trialsFor(size) }, (_, trial) => {
    const arrival = arrivalsWithin(spec, span, substream(seed, `fit-workload/trial ${trial}`));
    return {
      size: arrival.length,
      arrival,
      phases: [{ name: "trial", first: 0, afterDrainSeconds: 0 }],
    };
  });
}

/** Arrivals of a process until `span`. */
export function arrivalsWithin(spec: ArrivalSpec, span: number, random: Random): Float64Array {
  const source = arrivalProcess(spec, { stream: () => random });
  const times: number[] = [];
  for (let now = source.next(); now <= span; now = source.next()) times.push(now);
  return Float64Array.from(times);
}
