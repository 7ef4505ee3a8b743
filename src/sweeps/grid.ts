import { InputError } from "../errors/input-error.ts";
import { assertKnownNames } from "../errors/known-names.ts";
import type { SummaryOptions } from "../analysis/summarize-run.ts";
import type { SimulateOptions } from "../simulation/simulate.ts";
import type { CellLabels } from "./cell-labels.ts";
import { type CellMatch, matcher } from "./cell-match.ts";
import type { WorkloadSource } from "./workload-source.ts";

/** A cell as it is declared: a workload, how to run it, and labels. */
export interface GridCell {
  readonly workload: WorkloadSource;
  /** Handed to `simulate` as they are. */
  readonly options: SimulateOptions;
  readonly labels: CellLabels;
  /** What its summary holds. @default everything but starvation */
  readonly summary?: SummaryOptions;
  /** Whether the run is kept whole, for tables that need more than a summary. @default false */
  readonly keep?: boolean;
}

/** The cells of a sweep, in the order of its table. All have labels of the same names. */
export interface Grid {
  readonly cells: readonly GridCell[];
}

/** A workload of a grid, with its labels: at least the seed that its runs are paired by. */
export interface GridWorkload {
  readonly source: WorkloadSource;
  readonly labels: CellLabels & { readonly seed: number };
}

/**
 * A value of an axis: a number or a text, which is its own label, or an object whose `name` is its
 * label, such as a definition of a policy.
 */
export type AxisValue = string | number | boolean | { readonly name: string };
/** Values to cross, by the name of their axis. */
export type Axes = Readonly<Record<string, readonly AxisValue[]>>;
/** One value of each axis. */
export type AxisValues<A extends Axes> = { readonly [K in keyof A]: A[K][number] };

/** Options of {@link sweep}. */
export interface SweepSpec<A extends Axes> {
  readonly workloads: readonly GridWorkload[];
  /** Every combination of their values is a cell of each workload; the last axis changes first. */
  readonly axes: A;
  /** How to run one combination: options of `simulate`. Null: there is no such cell. */
  readonly cell: (
    values: AxisValues<A>,
    workload: GridWorkload["labels"],
  ) => SimulateOptions | null;
  /** What the summaries hold. @default everything but starvation */
  readonly summary?: SummaryOptions;
  /** Cells whose runs are kept whole: all (true), or those with these labels. @default none */
  readonly keep?: CellMatch;
}

const SWEEP_NAMES = {
  workloads: true,
  axes: true,
  cell: true,
  summary: true,
  keep: true,
} as const satisfies Record<keyof SweepSpec<Axes>, true>;

/**
 * Declares a sweep: workloads crossed with axes. Nothing runs yet, see `runSweep`.
 *
 * @throws InputError for unknown names, axes without a label, and labels that are taken twice
 * @example
 * const grid = sweep({
 *   workloads: paper.paperWorkloads({ seeds: 5 }),
 *   axes: { policy: ["priority", "sjf"], window: [16, 32] },
 *   cell: ({ policy, window }) => ({
 *     scheduler: { policy },
 *     dispatch: { rule: "in-flight", window },
 *   }),
 * });
 */
export function sweep<const A extends Axes>(spec: SweepSpec<A>): Grid {
  assertKnownNames(spec, SWEEP_NAMES, "sweep");
  const { workloads, axes, cell, summary, keep } = spec;
  const variants = crossed(labelledAxes(axes));
  const cells = workloads.flatMap(({ source, labels }) =>
    variants.flatMap((variant): GridCell[] => {
      const options = cell(variant.values as AxisValues<A>, labels);
      if (options === null) return [];
      assertDisjoint(variant.labels, labels);
      return [{ workload: source, options, labels: { ...variant.labels, ...labels }, summary }];
    })
  );
  const kept = matcher(keep, cells);
  return { cells: cells.map((each) => ({ ...each, keep: kept(each.labels) })) };
}

/** Several grids as one, cell after cell. An InputError refuses labels of other names. */
export function joinGrids(grids: readonly Grid[]): Grid {
  const cells = grids.flatMap((grid) => grid.cells);
  const names = (cell: GridCell) => Object.keys(cell.labels).sort().join(", ");
  const other = cells.find((cell) => names(cell) !== names(cells[0]));
  if (other !== undefined) {
    throw new InputError({
      file: "joinGrids",
      field: "labels",
      value: names(other),
      expected: `the labels of the other cells: ${names(cells[0])}`,
    });
  }
  return { cells };
}

interface LabelledAxis {
  readonly axis: string;
  readonly values: readonly { readonly value: AxisValue; readonly label: string | number }[];
}

function labelledAxes(axes: Axes): LabelledAxis[] {
  return Object.entries(axes).map(([axis, values]) => {
    const labelled = values.map((value, i) => ({ value, label: labelOf(value, `${axis}[${i}]`) }));
    const twice = labelled.find(({ label }, i) => labelled.findIndex((o) => o.label === label) < i);
    if (twice !== undefined) {
      throw new InputError({
        file: "axes of a sweep",
        field: axis,
        value: twice.label,
        expected: "values with different names; two have this one",
      });
    }
    return { axis, values: labelled };
  });
}

function labelOf(value: AxisValue, field: string): string | number {
  if (typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "boolean") return String(value);
  const named = (typeof value === "object" || typeof value === "function") && value !== null;
  if (named && typeof value.name === "string" && value.name !== "") return value.name;
  throw new InputError({
    file: "axes of a sweep",
    field,
    value,
    expected: "a text, a number, true, false, or an object with a name",
  });
}

interface Variant {
  readonly values: Readonly<Record<string, AxisValue>>;
  readonly labels: CellLabels;
}

function crossed(axes: readonly LabelledAxis[]): Variant[] {
  return axes.reduce<Variant[]>(
    (variants, { axis, values }) =>
      variants.flatMap((variant) =>
        values.map(({ value, label }) => ({
          values: { ...variant.values, [axis]: value },
          labels: { ...variant.labels, [axis]: label },
        }))
      ),
    [{ values: {}, labels: {} }],
  );
}

function assertDisjoint(axes: CellLabels, workload: CellLabels): void {
  for (const [field, value] of Object.entries(workload)) {
    if (!Object.hasOwn(axes, field)) continue;
    throw new InputError({
      file: "labels of a workload",
      field,
      value,
      expected: "a name that no axis of the sweep has",
    });
  }
}
