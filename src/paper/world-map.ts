import type { PaperWorkloadInput } from "./workload.ts";
import { assertKnownNames } from "../errors/known-names.ts";
import type { Grid } from "../sweeps/grid.ts";
import { crossGrid, type GridOptions, paperWorkloads } from "./grid.ts";
import { COUNTING_WORDS, FIFO } from "./policies.ts";

/** A world with a name, to be marked on a map. */
export interface NamedWorld {
  readonly label: string;
  readonly workload: PaperWorkloadInput;
}

/** Worlds of a map: how long answers are and how many words a token makes. */
export interface WorldMapOptions {
  /** Mean answer length as shares of the cap, before the cap cuts. */
  readonly meanFractions?: readonly number[];
  /** Mean words per token. */
  readonly wordsPerToken?: readonly number[];
  /** Worlds to be marked on the map. @default none */
  readonly named?: readonly NamedWorld[];
  /** @default 5 */
  readonly seeds?: number;
  /** Everything else about the workload. */
  readonly workload?: PaperWorkloadInput;
}

const MEAN_FRACTIONS = [0.2, 0.35, 0.5, 0.65, 0.8, 1, 1.25, 1.6, 2];
const WORDS_PER_TOKEN = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1];

const WORLD_MAP_OPTIONS = {
  meanFractions: true,
  wordsPerToken: true,
  named: true,
  seeds: true,
  workload: true,
} as const satisfies Record<keyof WorldMapOptions, true>;

/** Calibration off and on under FIFO with whitespace counting: an estimate knows no policy. */
const CELLS: GridOptions = {
  policies: [FIFO],
  countings: [COUNTING_WORDS],
  summary: { latencies: false },
};

/**
 * Calibration off and on, whitespace counting, over a grid of worlds and over named ones. Labels:
 * `world` (empty on the map), `meanFraction` and `wordsPerToken` (NaN where named), `seed`.
 */
export function worldMapGrid(options: WorldMapOptions = {}): Grid {
  assertKnownNames(options, WORLD_MAP_OPTIONS, "worldMapGrid options");
  const {
    meanFractions = MEAN_FRACTIONS,
    wordsPerToken = WORDS_PER_TOKEN,
    named = [],
    seeds = 5,
    workload = {},
  } = options;
  const mapped = meanFractions.flatMap((meanFraction) =>
    wordsPerToken.map((mean) => ({
      labels: { world: "", meanFraction, wordsPerToken: mean },
      world: {
        ...workload,
        lengths: { model: "fraction-of-cap", meanFraction },
        wordsPerToken: { model: "measured", mean },
      } satisfies PaperWorkloadInput,
    }))
  );
  const marked = named.map((mark) => ({
    labels: { world: mark.label, meanFraction: NaN, wordsPerToken: NaN },
    world: { ...workload, ...mark.workload },
  }));
  return crossGrid(
    [...mapped, ...marked].flatMap(({ labels, world }) =>
      paperWorkloads({ seeds, workload: world, labels })
    ),
    CELLS,
  );
}
