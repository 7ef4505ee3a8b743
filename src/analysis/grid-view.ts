import type { ColumnTable } from "arquero";
import { bootstrapMean, type IntervalOf } from "../statistics/bootstrap.ts";
import { type MeasureKey, measureName } from "./measure-key.ts";

/**
 * Which cells of a grid: a label by the name of its axis, `{ policy: "sjf", window: 16 }`. A grid with
 * further axes needs a label of each.
 */
export type CellKey = Readonly<Record<string, string | number>>;

/** Options of {@link GridView}. */
export interface GridViewOptions {
  /**
   * What the seeds are: independent repetitions ({@link bootstrapMean}), or resamples of one real
   * trace (`replicateInterval`). @default bootstrapMean
   */
  readonly interval?: IntervalOf;
}

const unique = <T>(values: ArrayLike<T>): T[] => [...new Set(Array.from(values))];

/**
 * Reads a grid's table by cell: for a measure of the summary and a cell, one value per seed, always
 * in the same order of seeds, so that two cells' values pair up.
 */
export class GridView {
  /** Seeds, ascending. */
  readonly seeds: readonly number[];
  /** Mean and interval of one value a seed. */
  readonly interval: IntervalOf;
  readonly #seed: ArrayLike<number>;
  /** Rows by the names of axes, then by their labels. */
  readonly #rows = new Map<string, Map<string, number[]>>();

  /** @param table one row a cell, as `gridTable` makes it; needs a column `seed` */
  constructor(private readonly table: ColumnTable, options: GridViewOptions = {}) {
    this.interval = options.interval ?? bootstrapMean;
    this.#seed = this.#column("seed") as ArrayLike<number>;
    this.seeds = unique(this.#seed).sort((a, b) => a - b);
  }

  /** Labels of the axis `policy`, in order of appearance. */
  get policies(): readonly string[] {
    return this.labels("policy") as string[];
  }

  /** Labels of the axis `calibration`, in order of appearance. */
  get calibrations(): readonly string[] {
    return this.labels("calibration") as string[];
  }

  /** Labels of the axis `counting`, in order of appearance. */
  get countings(): readonly string[] {
    return this.labels("counting") as string[];
  }

  /** Labels of an axis, in order of appearance. A RangeError says that there is no such axis. */
  labels(axis: string): readonly (string | number)[] {
    return unique(this.#column(axis)) as (string | number)[];
  }

  /**
   * Values of a measure in cell `key`, by seed. A RangeError says which cell or measure is missing, or
   * that the key fits several cells.
   *
   * @example
   * const view = new tables.GridView(gridTable(await runSweep(grid)));
   * const waits = view.values(
   *   { measure: "wait", statistic: "p99", tier: "batch" },
   *   { policy: "sjf", calibration: "ema", counting: "split" },
   * );
   */
  values(measure: MeasureKey, key: CellKey): Float64Array {
    const cell = Object.entries(key).map(([axis, label]) => `${axis}=${label}`).join(", ");
    const rows = this.#rowsOf(key);
    if (rows === undefined) throw new RangeError(`No cell ${cell} in this grid`);
    const name = measureName(measure);
    if (this.table.column(name) == null) throw new RangeError(`No measure ${name} in this grid`);
    const bySeed = new Map<number, number>();
    for (const row of rows) {
      if (bySeed.has(this.#seed[row])) {
        throw new RangeError(`Several cells are ${cell}: say a label of every axis`);
      }
      bySeed.set(this.#seed[row], row);
    }
    return Float64Array.from(this.seeds, (seed) => {
      const row = bySeed.get(seed);
      if (row === undefined) throw new RangeError(`Cell ${cell} has no seed ${seed}`);
      return this.table.get(name, row) as number;
    });
  }

  /** Applies `f` seed by seed to the values of several cells. */
  perSeed(f: (seed: number) => number): Float64Array {
    return Float64Array.from(this.seeds, (_, i) => f(i));
  }

  #column(name: string): ArrayLike<unknown> {
    if (this.table.column(name) == null) {
      throw new RangeError(`A grid needs a column ${name}: there is none`);
    }
    return this.table.array(name) as ArrayLike<unknown>;
  }

  #rowsOf(key: CellKey): readonly number[] | undefined {
    const axes = Object.keys(key);
    const identity = (labels: readonly unknown[]) =>
      JSON.stringify(labels.map((label) => `${typeof label} ${label}`));
    let index = this.#rows.get(identity(axes));
    if (index === undefined) {
      this.#rows.set(identity(axes), index = new Map());
      const columns = axes.map((axis) => this.#column(axis));
      for (let row = 0; row < this.#seed.length; row++) {
        const cell = identity(columns.map((column) => column[row]));
        const rows = index.get(cell);
        if (rows === undefined) index.set(cell, [row]);
        else rows.push(row);
      }
    }
    return index.get(identity(Object.values(key)));
  }
}
