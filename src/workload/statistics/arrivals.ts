import { phaseEnd, type Requests } from "../workload.ts";

/** The arrivals of n requests: all that the statistics of a process need. */
export type Arrivals = Pick<Requests, "size" | "arrival" | "phases">;

/**
 * Seconds between one arrival and the next, in order. Shape (n − phases): a phase has a clock of its
 * own, so that nothing is known of the gap before its first arrival.
 *
 * @example
 * statistics.coefficientOfVariation(workloads.arrivalGaps(workload.requests)); // 1 for a Poisson process
 */
export function arrivalGaps(requests: Arrivals): Float64Array {
  const gaps: Float64Array = new Float64Array(Math.max(0, requests.size - requests.phases.length));
  let filled = 0;
  requests.phases.forEach(({ first }, phase) => {
    const end = phaseEnd(requests, phase);
    for (let i = first + 1; i < end; i++) {
      gaps[filled++] = requests.arrival[i] - requests.arrival[i - 1];
    }
  });
  return gaps.subarray(0, filled);
}

/**
 * Seconds from the first arrival to the last, pauses between phases not counted.
 *
 * @example
 * const hours = workloads.arrivalSpan(workload.requests) / 3600;
 */
export function arrivalSpan(requests: Arrivals): number {
  let span = 0;
  requests.phases.forEach(({ first }, phase) => {
    const end = phaseEnd(requests, phase);
    if (end > first) span += requests.arrival[end - 1] - requests.arrival[first];
  });
  return span;
}

/**
 * Requests a second: one over the mean gap. NaN for fewer than two requests.
 *
 * @example
 * const perMinute = 60 * workloads.arrivalRate(workload.requests);
 */
export function arrivalRate(requests: Arrivals): number {
  const gaps = arrivalGaps(requests).length;
  return gaps === 0 ? NaN : gaps / arrivalSpan(requests);
}

/**
 * Arrivals in each bin of `seconds`, counted from a phase's first arrival to its last; phases follow
 * one another. The last bin of a phase may reach beyond its last arrival, and an arrival on its far
 * edge belongs to it (numpy's `histogram`). Throws a RangeError for a width that is not positive.
 *
 * @example
 * const busiestMinute = workloads.arrivalCounts(workload.requests, 60).reduce((a, b) => Math.max(a, b));
 */
export function arrivalCounts(requests: Arrivals, seconds: number): Int32Array {
  const bins = binsOf(requests, seconds);
  const counts = new Int32Array(bins.reduce((sum, each) => sum + each, 0));
  let offset = 0;
  requests.phases.forEach((_, phase) => {
    forEachFilledBin(requests, { phase, seconds, bins: bins[phase] }, (count, bin) => {
      counts[offset + bin] = count;
    });
    offset += bins[phase];
  });
  return counts;
}

/**
 * Index of dispersion for counts (IDC): variance over mean of {@link arrivalCounts}. 1 for a Poisson
 * process at every width; what rises with the width is burstiness that lasts. NaN where there are
 * fewer than two bins. Takes no memory, however long and empty the time.
 *
 * @example
 * [1, 10, 60].map((seconds) => workloads.indexOfDispersion(workload.requests, seconds));
 */
export function indexOfDispersion(requests: Arrivals, seconds: number): number {
  const bins = binsOf(requests, seconds);
  const total = bins.reduce((sum, each) => sum + each, 0);
  let squares = 0;
  requests.phases.forEach((_, phase) => {
    forEachFilledBin(requests, { phase, seconds, bins: bins[phase] }, (count) => {
      squares += count * count;
    });
  });
  const mean = requests.size / total;
  return total < 2 ? NaN : (squares / total - mean * mean) / mean;
}

/** Bins of each phase. */
function binsOf(requests: Arrivals, seconds: number): number[] {
  if (!(seconds > 0)) {
    throw new RangeError(
      `Cannot count arrivals: seconds must be above 0, current value ${seconds}`,
    );
  }
  return requests.phases.map(({ first }, phase) => {
    const end = phaseEnd(requests, phase);
    return end > first
      ? Math.max(1, Math.ceil((requests.arrival[end - 1] - requests.arrival[first]) / seconds))
      : 0;
  });
}

/** Calls back with the count of each bin of a phase in which something arrives, in order. */
function forEachFilledBin(
  requests: Arrivals,
  { phase, seconds, bins }: {
    readonly phase: number;
    readonly seconds: number;
    readonly bins: number;
  },
  take: (count: number, bin: number) => void,
): void {
  const { first } = requests.phases[phase];
  const end = phaseEnd(requests, phase);
  let current = 0;
  let count = 0;
  for (let i = first; i < end; i++) {
    const since = requests.arrival[i] - requests.arrival[first];
    const bin = Math.min(bins - 1, Math.floor(since / seconds));
    if (bin !== current && count > 0) {
      take(count, current);
      count = 0;
    }
    current = bin;
    count++;
  }
  if (count > 0) take(count, current);
}
