/**
 * What it takes to make a figure of one's own in the style of all others: read rows, pick the looks
 * of series, draw with Observable Plot, put the parts together. Start with {@link figure}.
 *
 * @module
 */
import type { ColumnTable } from "arquero";
import { InputError } from "../errors/input-error.ts";
import { drawFramedPlot, type FramedPlotOptions } from "./draw/framed-plot.ts";
import { drawKey, type KeyItem, type KeySample } from "./draw/key.ts";
import { type Picture, WIDTH } from "./draw/picture.ts";
import { type Figure, makeFigure } from "./figure.ts";
import { type Columns, readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { HAIR, INK, NEUTRAL, PAPER, QUIET, STATED } from "./theme/palette.ts";
import { type SeriesKind, type SeriesStyle, seriesStyles } from "./theme/series.ts";

export { formatChange, formatList, formatNumber, formatPercent } from "./text/format.ts";
export { subtitleOf as subtitle, type SubtitleParts } from "./text/subtitle.ts";
export type { Columns, FramedPlotOptions, KeyItem, KeySample, Picture, RowOf };
export type { Figure, SeriesKind, SeriesStyle };

/**
 * Colours beside those of the series. Each is the one on light paper; in the dark the drawing gets
 * its counterpart. A colour that is not of the house keeps as it is in both.
 */
export const COLOURS = {
  /** Text, axes, and marks that belong to no series. */
  ink: INK.light,
  /** Text of second rank. */
  quiet: QUIET.light,
  /** Grid lines. */
  hair: HAIR.light,
  /** The baseline and whatever was switched off. */
  neutral: NEUTRAL.light,
  /** Numbers that others state. */
  stated: STATED.light,
  /** The ground, to set symbols off from lines below them. */
  paper: PAPER.light,
} as const;

/**
 * The rows of a table, with the columns named; a column ends in `?` where cells may be missing. An
 * {@link InputError} names the row, the column and the value where one is missing or of another kind.
 *
 * @param name name of the figure, for messages
 * @example
 * import * as aq from "arquero";
 * const measured = aq.from([{ policy: "fifo", seconds: 4 }, { policy: "sjf", seconds: null }]);
 * house.rows("waiting", measured, { policy: "text", seconds: "number?" });
 */
export function rows<const C extends Columns>(
  name: string,
  table: ColumnTable,
  columns: C,
): RowOf<C>[] {
  return readRows(name, table, columns);
}

/**
 * How series look, one each, in the order of the figures: a policy has its own colour, dash and symbol
 * everywhere, any other name takes what is free. Dash and symbol are for those who do not see colours.
 *
 * @param names names as they stand in the table, also repeated
 * @param kind what the series are @default "policy"
 * @example
 * house.series(["sjf", "hrrn", "fifo"]).map(({ label }) => label); // ["FIFO", "SJF", "hrrn"]
 */
export function series(names: Iterable<string>, kind: SeriesKind = "policy"): SeriesStyle[] {
  return seriesStyles(kind, names);
}

/**
 * A key of series: one above the other drawings of a figure.
 *
 * @param sample how a series is shown @default "line"
 * @example
 * house.key(house.series(["fifo", "sjf"]), "symbol");
 */
export function key(items: readonly KeyItem[], sample: KeySample = "line"): Picture {
  return drawKey(items, { width: WIDTH, sample });
}

/**
 * One drawing with the axes of the house: grid lines under the marks, the label of y level above, and
 * margins as wide as the tick labels need. Takes the options of `Plot.plot`.
 *
 * @example
 * import * as Plot from "@observablehq/plot";
 * house.picture({
 *   y: { label: "waiting time, seconds", zero: true },
 *   marks: [Plot.line([[0, 1], [1, 3]], { stroke: house.COLOURS.ink })],
 * });
 */
export function picture(options: FramedPlotOptions): Picture {
  return drawFramedPlot(options);
}

/** What {@link figure} puts together. */
export interface HouseFigureParts {
  /** Kebab-case; names the files. */
  readonly name: string;
  /** The finding as a sentence, without a full stop. */
  readonly title: string;
  /** What was run, how many repetitions, what the intervals are; see {@link subtitle}. */
  readonly subtitle: string;
  /** The drawing in words, with its key numbers, for those who do not see it. */
  readonly alt: string;
  /** Exactly what is drawn: it becomes the CSV. */
  readonly table: ColumnTable | readonly object[];
  /** Series of the key above the drawing. @default none */
  readonly key?: readonly KeyItem[];
  /** How the key shows a series. @default "line" */
  readonly sample?: KeySample;
  /** The drawing, or several below one another. */
  readonly plot: FramedPlotOptions | readonly Picture[];
}

/**
 * A figure in the house style: title, subtitle, key, drawing, the numbers drawn as a table and a CSV,
 * in light and dark. It shows itself at the end of a cell; `publisher(…).figure(…)` writes its SVG, PNG
 * and CSV. An {@link InputError} refuses an empty title, subtitle or alt.
 *
 * @example
 * import * as aq from "arquero";
 * import * as Plot from "@observablehq/plot";
 * const waits = aq.from([0.5, 0.7, 0.9].flatMap((load) => [
 *   { policy: "fifo", load, seconds: 2 / (1 - load) },
 *   { policy: "hrrn", load, seconds: 1.4 / (1 - load) },
 * ]));
 * const points = house.rows("waits", waits, { policy: "text", load: "number", seconds: "number" });
 * const looks = house.series(points.map(({ policy }) => policy));
 * const lines = looks.map(({ name, colour: stroke, dash: strokeDasharray }) =>
 *   Plot.line(points.filter(({ policy }) => policy === name), {
 *     ...{ x: "load", y: "seconds", stroke, strokeDasharray, strokeWidth: 2 },
 *   })
 * );
 * const own = house.figure({
 *   name: "waits",
 *   title: "HRRN waits 30 % less than FIFO at every load",
 *   subtitle: house.subtitle({ setting: "a made-up queue", intervals: "none" }),
 *   alt: "Two rising lines of the mean wait over load. At load 0.9: FIFO 20 s, HRRN 14 s.",
 *   ...{ table: waits, key: looks },
 *   plot: {
 *     x: { label: "offered load" },
 *     y: { label: "mean waiting time, seconds", zero: true },
 *     marks: lines,
 *   },
 * });
 * await publisher("my-notebook").figure(own);
 */
export function figure(parts: HouseFigureParts): Figure {
  const { key: items = [], sample, plot, table, name, title, subtitle, alt } = parts;
  for (const [field, value] of Object.entries({ title, subtitle, alt })) {
    if (typeof value === "string" && value.trim() !== "") continue;
    throw new InputError({ file: `figure ${name}`, field, value, expected: "a text" });
  }
  return makeFigure({
    name,
    title,
    subtitle,
    alt,
    table: isRows(table) ? tableOfRows(table) : table,
    pictures: [
      ...(items.length > 0 ? [key(items, sample)] : []),
      ...(isPictures(plot) ? plot : [picture(plot)]),
    ],
  });
}

function isRows(table: HouseFigureParts["table"]): table is readonly object[] {
  return Array.isArray(table);
}

function isPictures(plot: HouseFigureParts["plot"]): plot is readonly Picture[] {
  return Array.isArray(plot);
}
