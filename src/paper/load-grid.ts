import { completionRate } from "../analysis/completion-rate.ts";
import { byPhase } from "../analysis/groups.ts";
import type { SimulateOptions } from "../simulation/simulate.ts";
import { simulate } from "./simulate.ts";
import { POLICIES } from "../policies/registry.ts";
import { paperWorkload, type PaperWorkloadInput, PaperWorkloadParameters } from "./workload.ts";
import { assertKnownNames } from "../errors/known-names.ts";
import { type Grid, joinGrids } from "../sweeps/grid.ts";
import { crossGrid, GRID_OPTION_NAMES, type GridOptions, paperWorkloads } from "./grid.ts";
import { FIFO, PAPER_POLICIES } from "./policies.ts";

/** A way to serve, with its name: micro-batches, or a dispatch rule over a continuous server. */
export interface NamedServer {
  readonly name: string;
  readonly base: SimulateOptions;
}

/** A server and what it can do, in requests of the stress phase's mix a second. */
export interface RatedServer extends NamedServer {
  readonly capacity: number;
}

/** Options of {@link measureCapacity} and {@link loadGrid}. */
export interface LoadOptions {
  /** Seeds are `1 … seeds`. */
  readonly seeds: number;
  /** Everything else about the workload. */
  readonly workload?: PaperWorkloadInput;
}

/** Options of {@link loadGrid}. */
export interface LoadGridOptions extends LoadOptions, Omit<GridOptions, "base"> {
  /** Offered loads of the stress phase, as multiples of each server's own capacity. */
  readonly loads: readonly number[];
  /** Whether to add the paper's own stress phase, as fast as it is. @default false */
  readonly paperLoad?: boolean;
}

const LOAD_GRID_OPTIONS: Readonly<Record<string, true>> = {
  ...{ seeds: true, workload: true, loads: true, paperLoad: true },
  ...GRID_OPTION_NAMES,
};

/** Requests a second that the stress phase of a workload offers. */
export function stressRate(workload: PaperWorkloadInput = {}): number {
  const { gapMin, gapMax } = PaperWorkloadParameters.parse(workload).stress;
  return 2 / (gapMin + gapMax);
}

/** The same workload, request for request, with a stress phase that arrives `factor` times as fast. */
function faster(workload: PaperWorkloadInput, factor: number): PaperWorkloadInput {
  const { stress } = PaperWorkloadParameters.parse(workload);
  const gaps = { gapMin: stress.gapMin / factor, gapMax: stress.gapMax / factor };
  return { ...workload, stress: { ...stress, ...gaps } };
}

/**
 * What a server can do: requests of the stress phase that it completes a second when all of them
 * arrive at once, under FIFO, by seed. Shape (seeds).
 */
export function measureCapacity(
  { base }: NamedServer,
  { seeds, workload = {} }: LoadOptions,
): Float64Array {
  return Float64Array.from({ length: seeds }, (_, i) => {
    const atOnce = paperWorkload({ ...faster(workload, Infinity), seed: i + 1 });
    const scheduler = { ...base.scheduler, policy: FIFO };
    const run = simulate(atOnce, { ...base, scheduler });
    return completionRate(run, byPhase(run).at(-1)!.rows);
  });
}

/** Of the policies wanted, those that a server can be told: with `pass-through` it sorts the queue. */
function policiesOf(
  { dispatch }: SimulateOptions,
  policies: GridOptions["policies"] = PAPER_POLICIES,
): GridOptions["policies"] {
  if (dispatch?.rule !== "pass-through") return policies;
  return policies.filter((policy) =>
    (typeof policy === "string" ? POLICIES.named(policy) : policy).rank !== undefined
  );
}

/**
 * The paper's grid over offered load and over ways to serve. Each seed brings the same requests at
 * every load and to every server; only how fast the stress phase arrives differs. Labels: `server`,
 * `load` (multiple of the server's own capacity), `rate` (requests a second), `seed`. A
 * policy whose order cannot be handed over as a priority has no cells with `pass-through`.
 */
export function loadGrid(
  servers: readonly RatedServer[],
  given: LoadGridOptions,
): Grid {
  assertKnownNames(given, LOAD_GRID_OPTIONS, "loadGrid options");
  const { seeds, workload = {}, loads, paperLoad = false, policies, ...options } = given;
  const paperRate = stressRate(workload);
  return joinGrids(servers.map(({ name, base, capacity }) => {
    const offered = [...loads, ...paperLoad ? [paperRate / capacity] : []];
    const workloads = offered.flatMap((load) =>
      paperWorkloads({
        seeds,
        workload: faster(workload, load * capacity / paperRate),
        labels: { server: name, load, rate: load * capacity },
      })
    );
    return crossGrid(workloads, { ...options, base, policies: policiesOf(base, policies) });
  }));
}
