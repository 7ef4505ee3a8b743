import parsePrometheus from "parse-prometheus-text-format";
import * as z from "zod";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";

/** Samples of one labelled histogram, as Prometheus exposes it. */
export interface Histogram {
  /** Upper bounds, ascending; the last is Infinity. Shape (buckets). */
  readonly bounds: Float64Array;
  /** Observations at most as large as the bound. Shape (buckets). */
  readonly cumulative: Float64Array;
  readonly sum: number;
  readonly count: number;
}

export type MetricLabels = Readonly<Record<string, string>>;

/** One labelled series of a family at one instant. */
export interface MetricSample {
  readonly labels: MetricLabels;
  /** Of gauges, counters and what has no type. */
  readonly value: number;
}

export interface HistogramSample {
  readonly labels: MetricLabels;
  readonly histogram: Histogram;
}

/** A metrics page: samples by the name under which they were exposed. */
export interface MetricsPage {
  readonly values: ReadonlyMap<string, readonly MetricSample[]>;
  readonly histograms: ReadonlyMap<string, readonly HistogramSample[]>;
}

const Families = z.array(z.object({
  name: z.string(),
  metrics: z.array(z.object({
    labels: z.record(z.string(), z.string()).optional(),
    value: z.string(),
  })),
}));

const TYPE = /^# TYPE (\S+) histogram\s*$/;
const NAME = /^([a-zA-Z_:][\w:]*)[\s{]/;
const HISTOGRAM_PART = /_(?:bucket|sum|count)$/;

export interface MetricsTextOptions {
  /** Names worth reading, without the suffixes of a histogram's parts; absent: all. */
  readonly wanted?: (name: string) => boolean;
}

/**
 * Reads a page in Prometheus' text format 0.0.4. Throws an InputError where it is none.
 *
 * @param source where it came from, for the error
 */
export function parseMetricsText(
  page: string,
  source: string,
  { wanted = () => true }: MetricsTextOptions = {},
): MetricsPage {
  const histogramNames = new Set<string>();
  const lines: string[] = [];
  for (const line of page.split("\n")) {
    const histogram = TYPE.exec(line);
    if (histogram !== null) histogramNames.add(histogram[1]);
    if (line.startsWith("#") || line.trim() === "") continue;
    const name = NAME.exec(line)?.[1];
    if (name === undefined) throw notMetrics(source, line, "a sample begins with a name");
    if (wanted(name) || wanted(name.replace(HISTOGRAM_PART, ""))) lines.push(line);
  }
  const values = samplesByName(lines, source);
  const histograms = new Map<string, HistogramSample[]>();
  for (const name of histogramNames) {
    const found = joinHistogram(name, values);
    if (found.length > 0) histograms.set(name, found);
    for (const part of ["bucket", "sum", "count"]) values.delete(`${name}_${part}`);
  }
  return { values, histograms };
}

/**
 * Samples by the library. It is given sample lines alone: told that something is a histogram, it
 * drops the labels and mixes the buckets of different series.
 */
function samplesByName(lines: readonly string[], source: string): Map<string, MetricSample[]> {
  const values = new Map<string, MetricSample[]>();
  const parsed = parseWith(Families, parseLines(lines, source), source);
  for (const { name, metrics } of parsed) {
    const samples = values.get(name) ?? [];
    for (const { labels = {}, value } of metrics) {
      samples.push({ labels, value: numberOf(name, value, source) });
    }
    values.set(name, samples);
  }
  return values;
}

function parseLines(lines: readonly string[], source: string): unknown {
  try {
    // The library takes a last line without an end for none at all.
    return parsePrometheus(`${lines.join("\n")}\n`);
  } catch (error) {
    const message = (error as Error).message;
    throw notMetrics(source, lines.find((line) => message.includes(line.trim())), message);
  }
}

function notMetrics(source: string, value: string | undefined, why: string): InputError {
  return new InputError({
    file: source,
    ...(value === undefined ? {} : { value }),
    expected: `metrics in Prometheus' text format: ${why}`,
  });
}

function numberOf(name: string, value: string, source: string): number {
  const number = value === "+Inf" ? Infinity : value === "-Inf" ? -Infinity : Number(value);
  if (value.trim() === "" || Number.isNaN(number) && value !== "NaN") {
    throw new InputError({ file: source, field: name, value, expected: "a number" });
  }
  return number;
}

function joinHistogram(
  name: string,
  values: ReadonlyMap<string, readonly MetricSample[]>,
): HistogramSample[] {
  const part = (suffix: string) => values.get(`${name}_${suffix}`) ?? [];
  const key = (labels: MetricLabels) => JSON.stringify(Object.entries(labels).sort());
  const buckets = new Map<string, { labels: MetricLabels; pairs: [number, number][] }>();
  for (const { labels: { le, ...labels }, value } of part("bucket")) {
    const found = buckets.get(key(labels)) ?? { labels, pairs: [] };
    found.pairs.push([le === "+Inf" ? Infinity : Number(le), value]);
    buckets.set(key(labels), found);
  }
  const sums = new Map(part("sum").map(({ labels, value }) => [key(labels), value]));
  const counts = new Map(part("count").map(({ labels, value }) => [key(labels), value]));
  return [...buckets].map(([id, { labels, pairs }]) => {
    pairs.sort(([a], [b]) => a - b);
    return {
      labels,
      histogram: {
        bounds: Float64Array.from(pairs, ([bound]) => bound),
        cumulative: Float64Array.from(pairs, ([, value]) => value),
        sum: sums.get(id) ?? NaN,
        count: counts.get(id) ?? pairs[pairs.length - 1][1],
      },
    };
  });
}
