import type { Histogram } from "./metrics-text.ts";
import {
  type CounterName,
  COUNTERS,
  type GaugeName,
  GAUGES,
  type HistogramName,
  HISTOGRAMS,
} from "./names.ts";
import { NumberColumn } from "./number-column.ts";
import { sameBounds, type ServerSnapshot } from "./server-snapshot.ts";

/** Observations of a histogram between scrapes. */
export interface HistogramSeries {
  /** Upper bounds, ascending, the last Infinity. Shape (buckets). */
  readonly bounds: Float64Array;
  /**
   * Observations in each bucket (above the bound before, at most the bound) since the scrape before,
   * shape (scrapes × buckets), a row a scrape; the first row is 0: what was before the run.
   */
  readonly counts: Float64Array;
  /** Sum of the observed values since the scrape before. Shape (scrapes). */
  readonly sums: Float64Array;
}

/** One server's telemetry, a row a scrape. Instants are seconds on the run's clock. Shape (size). */
export interface ServerSeries {
  readonly server: string;
  readonly size: number;
  readonly time: Float64Array;
  /** 1 where the server answered; the other columns are NaN where it did not. */
  readonly up: Uint8Array;
  /** Restarts seen until then: the process or its counters began anew. */
  readonly restarts: Int32Array;
  readonly gauges: Readonly<Record<GaugeName, Float64Array>>;
  /**
   * Counted since the first scrape, across restarts; what a dying process counted after its last
   * scrape is lost with it.
   */
  readonly counters: Readonly<Record<CounterName, Float64Array>>;
  /** Null for histograms that the server does not have. */
  readonly histograms: Readonly<Record<HistogramName, HistogramSeries | null>>;
}

const GAUGE_NAMES = Object.keys(GAUGES) as GaugeName[];
const COUNTER_NAMES = Object.keys(COUNTERS) as CounterName[];
const HISTOGRAM_NAMES = Object.keys(HISTOGRAMS) as HistogramName[];

/** Turns snapshots of one server into columns: counters and histograms become what was added. */
export class ServerRecorder {
  readonly #server: string;
  readonly #time = new NumberColumn();
  readonly #up = new NumberColumn();
  readonly #restarts = new NumberColumn();
  readonly #gauges = columns(GAUGE_NAMES);
  readonly #counters = columns(COUNTER_NAMES);
  readonly #histograms = new Map<HistogramName, HistogramRecorder>();
  readonly #totals = new Map<CounterName, number>();
  #before: ServerSnapshot | null = null;
  #restartCount = 0;

  constructor(server: string) {
    this.#server = server;
  }

  /** @param snapshot null where the server did not answer */
  add(instant: number, snapshot: ServerSnapshot | null): void {
    const row = this.#time.size;
    const restarted = snapshot !== null && this.#before !== null &&
      isRestart(this.#before, snapshot);
    if (restarted) this.#restartCount++;
    this.#time.push(instant);
    this.#up.push(snapshot === null ? 0 : 1);
    this.#restarts.push(this.#restartCount);
    for (const name of GAUGE_NAMES) this.#gauges[name].push(snapshot?.gauges[name] ?? NaN);
    for (const name of COUNTER_NAMES) {
      this.#counters[name].push(snapshot === null ? NaN : this.#count(name, snapshot, restarted));
    }
    for (const name of HISTOGRAM_NAMES) {
      const now = snapshot?.histograms[name] ?? null;
      if (now !== null && !this.#histograms.has(name)) {
        this.#histograms.set(name, new HistogramRecorder(now.bounds, row));
      }
      this.#histograms.get(name)?.add(now, this.#before?.histograms[name] ?? null, restarted);
    }
    if (snapshot !== null) this.#before = snapshot;
  }

  finish(): ServerSeries {
    return {
      server: this.#server,
      size: this.#time.size,
      time: this.#time.toArray(),
      up: Uint8Array.from(this.#up.toArray()),
      restarts: Int32Array.from(this.#restarts.toArray()),
      gauges: arrays(this.#gauges),
      counters: arrays(this.#counters),
      histograms: Object.fromEntries(
        HISTOGRAM_NAMES.map((name) => [name, this.#histograms.get(name)?.finish() ?? null]),
      ) as ServerSeries["histograms"],
    };
  }

  #count(name: CounterName, snapshot: ServerSnapshot, restarted: boolean): number {
    const now = snapshot.counters[name];
    if (Number.isNaN(now)) return NaN;
    const before = this.#before?.counters[name] ?? NaN;
    const added = this.#before === null
      ? 0
      : restarted || Number.isNaN(before)
      ? now
      : now - before;
    const total = (this.#totals.get(name) ?? 0) + added;
    this.#totals.set(name, total);
    return total;
  }
}

/** Another process, or counters that run backwards. */
function isRestart(before: ServerSnapshot, now: ServerSnapshot): boolean {
  return now.processStart !== before.processStart && !Number.isNaN(now.processStart) &&
      !Number.isNaN(before.processStart) ||
    COUNTER_NAMES.some((name) => now.counters[name] < before.counters[name]);
}

class HistogramRecorder {
  readonly #bounds: Float64Array;
  readonly #counts = new NumberColumn();
  readonly #sums = new NumberColumn();

  /** @param rows scrapes before the server had it */
  constructor(bounds: Float64Array, rows: number) {
    this.#bounds = bounds;
    for (let i = 0; i < rows; i++) this.#fill(0);
  }

  add(now: Histogram | null, before: Histogram | null, restarted: boolean): void {
    // A server that came back with other buckets can't be compared: unknown, and seen as such.
    if (now === null || !sameBounds(now.bounds, this.#bounds)) return this.#fill(NaN);
    if (before === null) return this.#fill(0);
    const since = restarted || !sameBounds(before.bounds, this.#bounds) ? null : before;
    let cumulative = 0;
    for (let i = 0; i < this.#bounds.length; i++) {
      const upTo = now.cumulative[i] - (since?.cumulative[i] ?? 0);
      this.#counts.push(upTo - cumulative);
      cumulative = upTo;
    }
    this.#sums.push(now.sum - (since?.sum ?? 0));
  }

  finish(): HistogramSeries {
    return {
      bounds: this.#bounds,
      counts: this.#counts.toArray(),
      sums: this.#sums.toArray(),
    };
  }

  #fill(value: number): void {
    for (let i = 0; i < this.#bounds.length; i++) this.#counts.push(value);
    this.#sums.push(value);
  }
}

function columns<K extends string>(names: readonly K[]): Record<K, NumberColumn> {
  return Object.fromEntries(names.map((name) => [name, new NumberColumn()])) as Record<
    K,
    NumberColumn
  >;
}

function arrays<K extends string>(columns: Record<K, NumberColumn>): Record<K, Float64Array> {
  return Object.fromEntries(
    Object.entries<NumberColumn>(columns).map(([name, column]) => [name, column.toArray()]),
  ) as Record<K, Float64Array>;
}
