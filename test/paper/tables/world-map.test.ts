import * as aq from "arquero";
import { describe, expect, test } from "vitest";
import { worldMap, worldMarks } from "../../../src/paper/tables/world-map.ts";

interface World {
  /** Empty on the map. */
  readonly world?: string;
  readonly meanFraction?: number;
  readonly wordsPerToken?: number;
  readonly capShare?: number;
}

/** Errors of the cells of a world, off and on, a line a seed: MAE off, MAE on, RMSE off, RMSE on. */
type Errors = readonly (readonly [number, number, number, number])[];

function cells(
  { world = "", meanFraction = NaN, wordsPerToken = NaN, capShare = 0.5 }: World,
  errors: Errors,
) {
  return errors.flatMap(([maeOff, maeOn, rmseOff, rmseOn], i) => {
    const labels = { world, meanFraction, wordsPerToken, seed: i + 1, policy: "fifo" };
    return [
      {
        ...labels,
        calibration: "none",
        mae: maeOff,
        rmse: rmseOff,
        cap_share: capShare - 0.1 * i,
        units_per_token: 0.6,
      },
      {
        ...labels,
        calibration: "ema",
        mae: maeOn,
        rmse: rmseOn,
        cap_share: capShare + 0.1 * i,
        units_per_token: 0.8,
      },
    ];
  });
}

/** 100 to 50 is half less, 300 to 270 a tenth less; together they are 400 to 320, a fifth less. */
const PAIRED: Errors = [[100, 50, 10, 5], [300, 270, 10, 9]];
const EVEN: Errors = [[100, 125, 20, 30], [40, 50, 20, 10]];
const table = aq.from([
  ...cells({ meanFraction: 0.5, wordsPerToken: 0.7, capShare: 0.4 }, PAIRED),
  ...cells({ meanFraction: 1, wordsPerToken: 0.7, capShare: 0.7 }, EVEN),
  ...cells({ meanFraction: 1, wordsPerToken: 0.9, capShare: 0.9 }, EVEN),
  ...cells({ world: "between", capShare: 0.5 }, EVEN),
  ...cells({ world: "shorter than all", capShare: 0.2 }, PAIRED),
  ...cells({ world: "longer than all", capShare: 0.95 }, PAIRED),
]);
type Row = Record<string, number | string>;

describe("worldMap(table)", () => {
  test("is one row a world of the map: the mean of the seeds' own changes, and the means of shares", () => {
    const rows = worldMap(table).objects() as Row[];
    expect(rows.map((row) => [row.meanFraction, row.wordsPerToken]))
      .toEqual([[0.5, 0.7], [1, 0.7], [1, 0.9]]);
    const [first, second] = rows;
    expect(first.effect).toBeCloseTo((-0.5 - 0.1) / 2, 12);
    expect(first.rmseEffect).toBeCloseTo((-0.5 - 0.1) / 2, 12);
    expect(first.n).toBe(2);
    expect(first.capShare).toBeCloseTo(0.4, 12);
    expect(first.unitsPerToken).toBeCloseTo(0.7, 12);
    expect(second.effect).toBeCloseTo(0.25, 12);
    expect(second.rmseEffect).toBeCloseTo((0.5 - 0.5) / 2, 12);
  });

  test("an interval spans what two seeds can be resampled to", () => {
    const [first, second] = worldMap(table).objects() as Row[];
    // Of four equally likely resamples one is the first seed twice, one the second twice.
    expect(first.low).toBeCloseTo(-0.5, 12);
    expect(first.high).toBeCloseTo(-0.1, 12);
    expect([second.low, second.high]).toEqual([0.25, 0.25]);
  });

  test("the order of the rows in the table changes nothing but the order of the worlds", () => {
    const byWorld = (rows: aq.ColumnTable) =>
      (worldMap(rows).objects() as Row[]).map(({ meanFraction, wordsPerToken, effect }) =>
        [meanFraction, wordsPerToken, (effect as number).toFixed(12)].join()
      ).sort();
    expect(byWorld(aq.from((table.objects() as object[]).toReversed()))).toEqual(byWorld(table));
  });

  test("a cell that is missing is named", () => {
    const rows = table.objects() as Row[];
    const without = rows.filter((row) =>
      !(row.calibration === "ema" && row.seed === 2 && row.wordsPerToken === 0.9)
    );
    expect(() => worldMap(aq.from(without as object[]))).toThrow(
      "No cell with calibration ema and seed 2 (meanFraction 1, wordsPerToken 0.9)",
    );
  });
});

describe("worldMarks(table)", () => {
  const marks = worldMarks(table).objects() as Row[];

  test("a named world is where the map's answers are as long, by a straight line between", () => {
    // The map's answers are 0.4 caps long at 0.5, and 0.7 and 0.9, so 0.8 on average, at 1.
    const [between] = marks;
    expect(between.label).toBe("between");
    expect(between.meanFraction).toBeCloseTo(0.5 + (0.5 - 0.4) / (0.8 - 0.4) * (1 - 0.5), 12);
    expect(between.wordsPerToken).toBeCloseTo(0.7, 12);
  });

  test("its effect is its own, not that of a world of the map", () => {
    expect(marks[0].effect).toBeCloseTo(0.25, 12);
    expect(marks[1].effect).toBeCloseTo(-0.3, 12);
    expect(marks[0].capShare).toBeCloseTo(0.5, 12);
  });

  test("a world beyond the map is put on its edge", () => {
    expect(marks.map(({ label }) => label))
      .toEqual(["between", "shorter than all", "longer than all"]);
    expect([marks[1].meanFraction, marks[2].meanFraction]).toEqual([0.5, 1]);
  });

  test("without a map there is no place to put a mark", () => {
    expect(() => worldMarks(aq.from(cells({ world: "alone" }, EVEN)))).toThrow("Marks need a map");
  });
});
