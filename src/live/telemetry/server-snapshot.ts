import { type Histogram, type MetricLabels, parseMetricsText } from "./metrics-text.ts";
import {
  type CounterName,
  COUNTERS,
  type GaugeName,
  GAUGES,
  type HistogramName,
  HISTOGRAMS,
  isWanted,
  namesOf,
  PROCESS_START,
} from "./names.ts";

/** A server at one instant; NaN and null for what its page does not have. */
export interface ServerSnapshot {
  /** Seconds since 1970 at which its process began. */
  readonly processStart: number;
  readonly gauges: Readonly<Record<GaugeName, number>>;
  readonly counters: Readonly<Record<CounterName, number>>;
  readonly histograms: Readonly<Record<HistogramName, Histogram | null>>;
}

export interface SnapshotOptions {
  /** Where the page came from, for errors. */
  readonly source: string;
  /** Models as the label `model_name` has them; absent: all that the server serves. */
  readonly models?: readonly string[];
}

/**
 * What a `/metrics` page says of the models asked for. Several engines or models of one server are
 * added up; of the KV usage the mean is taken. Throws an InputError for a page that is no metrics.
 */
export function readSnapshot(text: string, { source, models }: SnapshotOptions): ServerSnapshot {
  const page = parseMetricsText(text, source, { wanted: isWanted });
  const asked = ({ labels }: { readonly labels: MetricLabels }) =>
    models === undefined || labels.model_name === undefined || models.includes(labels.model_name);
  const valuesOf = (names: readonly string[]) =>
    (firstOf(page.values, namesOf(names)) ?? []).filter(asked).map(({ value }) => value);
  const sum = (values: readonly number[]) =>
    values.length === 0 ? NaN : values.reduce((total, value) => total + value, 0);
  const usage = valuesOf(GAUGES.kvUsage);
  return {
    processStart: page.values.get(PROCESS_START)?.[0]?.value ?? NaN,
    gauges: {
      running: sum(valuesOf(GAUGES.running)),
      waiting: sum(valuesOf(GAUGES.waiting)),
      kvUsage: sum(usage) / usage.length,
    },
    counters: mapValues(COUNTERS, (names) => sum(valuesOf(names))),
    histograms: mapValues(HISTOGRAMS, (names) => {
      const found = (firstOf(page.histograms, names) ?? []).filter(asked);
      return addUp(found.map(({ histogram }) => histogram));
    }),
  };
}

function firstOf<T>(map: ReadonlyMap<string, T>, names: readonly string[]): T | undefined {
  for (const name of names) {
    const found = map.get(name);
    if (found !== undefined) return found;
  }
}

function mapValues<K extends string, A, B>(record: Record<K, A>, of: (value: A) => B) {
  return Object.fromEntries(
    Object.entries<A>(record).map(([key, value]) => [key, of(value)]),
  ) as Record<K, B>;
}

/** Sum of histograms of equal bounds; null for none. Those with other bounds are left out. */
function addUp(histograms: readonly Histogram[]): Histogram | null {
  const [first, ...rest] = histograms;
  if (first === undefined) return null;
  return rest.filter(({ bounds }) => sameBounds(bounds, first.bounds)).reduce((total, one) => ({
    bounds: total.bounds,
    cumulative: total.cumulative.map((value, i) => value + one.cumulative[i]),
    sum: total.sum + one.sum,
    count: total.count + one.count,
  }), first);
}

export function sameBounds(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((bound, i) => bound === b[i]);
}
