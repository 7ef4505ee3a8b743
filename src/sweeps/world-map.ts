import type { PaperWorkloadInput } from "../workload/paper-workload.ts";
import { crossGrid, type Grid, type GridWorkload } from "./grid.ts";

/** Worlds of a map: how long answers are and how many words a token makes. */
export interface WorldMapOptions {
  /** Mean answer length as shares of the cap, before the cap cuts. */
  readonly meanFractions?: readonly number[];
  /** Mean words per token. */
  readonly wordsPerToken?: readonly number[];
  /** @default 5 */
  readonly seeds?: number;
  /** Everything else about the workload. */
  readonly workload?: PaperWorkloadInput;
}

const MEAN_FRACTIONS = [0.2, 0.35, 0.5, 0.65, 0.8, 1, 1.25, 1.6, 2];
const WORDS_PER_TOKEN = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1];

/** Calibration off and on under FIFO with whitespace counting: an estimate knows no policy. */
const CELLS = {
  policies: ["fifo"],
  calibrators: ["none", "ema"],
  countings: ["split"],
} as const;

/**
 * Calibration off and on, whitespace counting, over a grid of worlds. Labels: `meanFraction`,
 * `wordsPerToken`, `seed`.
 */
export function worldMapGrid(
  {
    meanFractions = MEAN_FRACTIONS,
    wordsPerToken = WORDS_PER_TOKEN,
    seeds = 5,
    workload = {},
  }: WorldMapOptions = {},
): Grid {
  return crossGrid(
    meanFractions.flatMap((meanFraction) =>
      wordsPerToken.flatMap((ratio) =>
        Array.from({ length: seeds }, (_, i): GridWorkload => ({
          source: {
            source: "paper",
            parameters: {
              ...workload,
              seed: i + 1,
              lengths: { model: "fraction-of-cap", meanFraction },
              wordsPerToken: { model: "measured", mean: ratio },
            },
          },
          labels: { meanFraction, wordsPerToken: ratio, seed: i + 1 },
        }))
      )
    ),
    CELLS,
  );
}

/** A world to be marked on the map, by name. */
export interface NamedWorld {
  readonly label: string;
  readonly workload: PaperWorkloadInput;
}

/** Calibration off and on, whitespace counting, in named worlds. Labels: `world`, `seed`. */
export function namedWorldsGrid(worlds: readonly NamedWorld[], seeds = 5): Grid {
  return crossGrid(
    worlds.flatMap(({ label, workload }) =>
      Array.from({ length: seeds }, (_, i): GridWorkload => ({
        source: { source: "paper", parameters: { ...workload, seed: i + 1 } },
        labels: { world: label, seed: i + 1 },
      }))
    ),
    CELLS,
  );
}
