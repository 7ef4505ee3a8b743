import * as aq from "arquero";
import { bootstrapMean } from "../../statistics/bootstrap.ts";
import { measureName } from "../../analysis/measure-key.ts";
import { mean } from "../../statistics/quantile.ts";
import { CALIBRATION_OFF, CALIBRATION_ON } from "../policies.ts";

interface Row {
  readonly calibration: string;
  readonly seed: number;
  readonly world: string;
  readonly [label: string]: string | number;
}

const MAE = measureName({ measure: "mae" });
const RMSE = measureName({ measure: "rmse" });
const CAP_SHARE = measureName({ measure: "cap_share" });
const UNITS_PER_TOKEN = measureName({ measure: "units_per_token" });

/** Change of the error by calibration in each world, named or not, that `labels` tell apart. */
function worldEffects(
  table: aq.ColumnTable,
  { labels, named }: { readonly labels: readonly string[]; readonly named: boolean },
) {
  const rows = (table.objects() as Row[]).filter(({ world }) => (world !== "") === named);
  const worlds = Map.groupBy(rows, (row) => labels.map((label) => row[label]).join("/"));
  return [...worlds.values()].map((cells) => {
    const bySeed = [...Map.groupBy(cells, ({ seed }) => seed).values()];
    const change = (error: string) =>
      bySeed.map((pair) => {
        const of = (calibration: string) => {
          const cell = pair.find((cell) => cell.calibration === calibration);
          if (cell !== undefined) return Number(cell[error]);
          const where = labels.map((label) => `${label} ${pair[0][label]}`).join(", ");
          throw new RangeError(
            `No cell with calibration ${calibration} and seed ${pair[0].seed} (${where})`,
          );
        };
        return of(CALIBRATION_ON) / of(CALIBRATION_OFF) - 1;
      });
    return {
      world: cells[0].world,
      ...Object.fromEntries(labels.map((label) => [label, cells[0][label]])),
      ...bootstrapMean(change(MAE)),
      rmseEffect: mean(change(RMSE)),
      capShare: mean(cells.map((cell) => Number(cell[CAP_SHARE]))),
      unitsPerToken: mean(cells.map((cell) => Number(cell[UNITS_PER_TOKEN]))),
    };
  });
}

/**
 * What calibration does to the error, world by world. Columns: `meanFraction`, `wordsPerToken`,
 * `effect`, `low`, `high`, `n` (relative change of the MAE, paired by seed), `rmseEffect`, `capShare`
 * (mean answer length over cap, after the cut), `unitsPerToken`.
 *
 * Source: driftsched reference, claims C1 and C2, and "What it gets wrong or leaves open", point 4: the
 * paper publishes neither lengths nor words per token, on which these claims depend. A RangeError says
 * which cell is missing.
 */
export function worldMap(table: aq.ColumnTable): aq.ColumnTable {
  return aq.from(worldEffects(table, { labels: ["meanFraction", "wordsPerToken"], named: false }));
}

/**
 * Where named worlds fall on the map: `label`, `wordsPerToken` (as it came out), `meanFraction` (the
 * one that gives the same mean answer length after the cut, by linear interpolation over the map,
 * held to its edges), `effect`, `low`, `high`, `n`, `rmseEffect`, `capShare`: the effect is the
 * world's own, simulated, not read off the map. Source: as of {@link worldMap}. A RangeError says
 * which cell is missing, or that there is no map.
 */
export function worldMarks(table: aq.ColumnTable): aq.ColumnTable {
  const cells = worldMap(table).objects() as { meanFraction: number; capShare: number }[];
  const curve = [...Map.groupBy(cells, ({ meanFraction }) => meanFraction)]
    .map(([meanFraction, same]) => ({
      meanFraction,
      share: mean(same.map(({ capShare }) => capShare)),
    }))
    .sort((a, b) => a.share - b.share);
  if (curve.length === 0) throw new RangeError("Marks need a map: this grid has named worlds only");
  const meanFractionAt = (share: number) => {
    const above = curve.findIndex((point) => point.share >= share);
    if (above === 0) return curve[0].meanFraction;
    if (above < 0) return curve[curve.length - 1].meanFraction;
    const [left, right] = [curve[above - 1], curve[above]];
    const weight = (share - left.share) / (right.share - left.share);
    return left.meanFraction + weight * (right.meanFraction - left.meanFraction);
  };
  return aq.from(
    worldEffects(table, { labels: ["world"], named: true }).map((
      { world, unitsPerToken, ...row },
    ) => ({
      label: world,
      ...row,
      wordsPerToken: unitsPerToken,
      meanFraction: meanFractionAt(row.capShare),
    })),
  );
}
