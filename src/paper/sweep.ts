import { type Axes, type Grid, sweep as sweepGenerically, type SweepSpec } from "../sweeps/grid.ts";
import { paperSimulation } from "./simulate.ts";

/**
 * Declares a sweep: workloads crossed with axes, each combination a cell. What a cell's options do not
 * say is as in `simulate`: the paper's estimate and micro-batches. Nothing runs yet, see `runSweep`.
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
  return sweepGenerically({
    ...spec,
    cell: (values, labels) => {
      const options = spec.cell(values, labels);
      return options === null ? null : paperSimulation(options);
    },
  });
}
