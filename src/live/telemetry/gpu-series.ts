import type { Labels } from "../../workload/workload.ts";
import type { GpuSample } from "./gpu-sample.ts";
import { NumberColumn } from "./number-column.ts";

const QUANTITIES = [
  "temperature",
  "power",
  "smClock",
  "memoryClock",
  "utilization",
  "memoryUtilization",
  "memoryUsed",
  "memoryTotal",
] as const;
export type GpuQuantity = (typeof QUANTITIES)[number];

/**
 * GPUs' telemetry, a row a sample of one GPU, in order of time. Instants are seconds on the run's
 * clock at which the sample reached us; units as in {@link GpuSample}. Shape (size).
 */
export interface GpuSeries extends Readonly<Record<GpuQuantity, Float64Array>> {
  readonly size: number;
  readonly time: Float64Array;
  readonly index: Int32Array;
  readonly name: Labels;
  readonly pstate: Labels;
  /** The sampler's own time of day; "" from an exporter. */
  readonly timestamp: readonly string[];
}

/** Turns samples into columns. */
export class GpuRecorder {
  readonly #time = new NumberColumn();
  readonly #index = new NumberColumn();
  readonly #columns = Object.fromEntries(
    QUANTITIES.map((quantity) => [quantity, new NumberColumn()]),
  ) as Record<GpuQuantity, NumberColumn>;
  readonly #names: string[] = [];
  readonly #pstates: string[] = [];
  readonly #timestamps: string[] = [];

  add(instant: number, sample: GpuSample): void {
    this.#time.push(instant);
    this.#index.push(sample.index);
    for (const quantity of QUANTITIES) this.#columns[quantity].push(sample[quantity]);
    this.#names.push(sample.name);
    this.#pstates.push(sample.pstate);
    this.#timestamps.push(sample.timestamp);
  }

  finish(): GpuSeries {
    const arrays = Object.fromEntries(
      QUANTITIES.map((quantity) => [quantity, this.#columns[quantity].toArray()]),
    ) as Record<GpuQuantity, Float64Array>;
    return {
      ...arrays,
      size: this.#time.size,
      time: this.#time.toArray(),
      index: Int32Array.from(this.#index.toArray()),
      name: labelsOf(this.#names),
      pstate: labelsOf(this.#pstates),
      timestamp: [...this.#timestamps],
    };
  }
}

function labelsOf(values: readonly string[]): Labels {
  const names = [...new Set(values)];
  return { names, codes: Int32Array.from(values, (value) => names.indexOf(value)) };
}

/**
 * Energy of one GPU between its first and last sample, in joules: power integrated by the trapezoid
 * rule; samples without power are passed over. NaN for fewer than two.
 */
export function gpuEnergy(series: GpuSeries, index: number): number {
  let joules = 0;
  let before = -1;
  let steps = 0;
  for (let row = 0; row < series.size; row++) {
    if (series.index[row] !== index || Number.isNaN(series.power[row])) continue;
    if (before >= 0) {
      const seconds = series.time[row] - series.time[before];
      joules += seconds * (series.power[row] + series.power[before]) / 2;
      steps++;
    }
    before = row;
  }
  return steps > 0 ? joules : NaN;
}
