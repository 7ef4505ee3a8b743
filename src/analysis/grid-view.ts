import type { ColumnTable } from "arquero";
import { bootstrapMean, type IntervalOf } from "../statistics/bootstrap.ts";

/** Which cells of a grid. */
export interface CellKey {
  readonly policy: string;
  readonly calibration: string;
  readonly counting: string;
}

/** Options of {@link GridView}. */
export interface GridViewOptions {
  /**
   * What the seeds are: independent repetitions ({@link bootstrapMean}), or resamples of one real
   * trace (`replicateInterval`). @default bootstrapMean
   */
  readonly interval?: IntervalOf;
}

/**
 * Reads a grid's table by cell: for a name of the summary and a cell, one value per seed, always in
 * the same order of seeds, so that two cells' values pair up.
 */
export class GridView {
  /** Seeds, ascending. */
  readonly seeds: readonly number[];
  readonly policies: readonly string[];
  readonly calibrations: readonly string[];
  readonly countings: readonly string[];
  /** Mean and interval of one value a seed. */
  readonly interval: IntervalOf;
  readonly #rows = new Map<string, Map<number, number>>();

  /** @param table one row a cell, as `gridTable` makes it */
  constructor(private readonly table: ColumnTable, options: GridViewOptions = {}) {
    this.interval = options.interval ?? bootstrapMean;
    const column = (name: string): ArrayLike<unknown> => {
      const values = table.column(name);
      if (values == null) throw new RangeError(`A grid needs a column ${name}: there is none`);
      return table.array(name) as ArrayLike<unknown>;
    };
    const [policy, calibration, counting] = ["policy", "calibration", "counting"].map(column);
    const seed = column("seed") as ArrayLike<number>;
    const unique = <T>(values: ArrayLike<T>): T[] => [...new Set(Array.from(values))];
    this.seeds = unique(seed).sort((a, b) => a - b);
    this.policies = unique(policy) as string[];
    this.calibrations = unique(calibration) as string[];
    this.countings = unique(counting) as string[];
    for (let row = 0; row < seed.length; row++) {
      const key = `${policy[row]}/${calibration[row]}/${counting[row]}`;
      let bySeed = this.#rows.get(key);
      if (bySeed === undefined) this.#rows.set(key, bySeed = new Map());
      bySeed.set(seed[row], row);
    }
  }

  /** Values of `name` in cell `key`, by seed. A RangeError says which cell or name is missing. */
  values(name: string, { policy, calibration, counting }: CellKey): Float64Array {
    const key = `${policy}/${calibration}/${counting}`;
    const bySeed = this.#rows.get(key);
    if (bySeed === undefined) throw new RangeError(`No cell ${key} in this grid`);
    if (this.table.column(name) == null) throw new RangeError(`No summary ${name} in this grid`);
    return Float64Array.from(this.seeds, (seed) => {
      const row = bySeed.get(seed);
      if (row === undefined) throw new RangeError(`Cell ${key} has no seed ${seed}`);
      return this.table.get(name, row) as number;
    });
  }

  /** Applies `f` seed by seed to the values of several cells. */
  perSeed(f: (seed: number) => number): Float64Array {
    return Float64Array.from(this.seeds, (_, i) => f(i));
  }
}
