import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis, yAxis } from "../../figures/draw/axes.ts";
import {
  type Badge,
  BADGE_ENTRY_HEIGHT,
  badgeList,
  badgeMarks,
  type BadgePlace,
  placeBadges,
} from "../../figures/draw/badges.ts";
import { cellBorders, type CellGrid } from "../../figures/draw/cell-borders.ts";
import { type CellEdges, cellEdges } from "../../figures/draw/cell-edges.ts";
import { drawKey, type KeyItem } from "../../figures/draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "../../figures/draw/picture.ts";
import { C1 } from "../claims/calibration-error.ts";
import { type Figure, type FigureOptions, makeFigure } from "../../figures/figure.ts";
import { readRows, type RowOf, tableOfRows } from "../../figures/tables/rows.ts";
import { directionOf } from "../../figures/text/finding.ts";
import { formatChange, formatList, formatNumber, sameDecimals } from "../../figures/text/format.ts";
import { subtitleOf } from "../../figures/text/subtitle.ts";
import {
  DIVERGING,
  type DivergingStep,
  PAPER,
  QUIET,
  STATED,
} from "../../figures/theme/palette.ts";

const COLUMNS = {
  meanFraction: "number",
  wordsPerToken: "number",
  effect: "number",
  low: "number?",
  high: "number?",
  n: "number?",
} as const;
type Row = RowOf<typeof COLUMNS>;

const MARK_COLUMNS = { label: "text", ...COLUMNS } as const;
type Mark = RowOf<typeof MARK_COLUMNS>;

/** Options of {@link worldMap}. */
export interface WorldMapOptions extends FigureOptions {
  /** Named worlds to mark: `label`, `meanFraction`, `wordsPerToken`, `effect`, and `low`, `high`. */
  readonly marks?: ColumnTable;
  /** The paper's number, whose border is drawn; null for none. @default claim C1's, -0.388 */
  readonly paper?: number | null;
  /** What the effect is a relative change of. @default "mean absolute error" */
  readonly error?: string;
}

/** Bounds between the steps of the colour scale. */
const THRESHOLDS = [-0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5] as const;

function stepOf(effect: number): DivergingStep {
  return DIVERGING[THRESHOLDS.filter((bound) => effect >= bound).length];
}

const MARGIN = { left: 44, top: 30, bottom: 44, right: 12, list: 200 } as const;
const LEAST_CELL_HEIGHT = 40;
/** Cells narrower than this have no room for their number. */
const NARROWEST_NUMBER = 30;

interface Box {
  readonly width: number;
  readonly height: number;
}

/** Where a mark falls in the frame, in pixels, held to its edges. */
function placeOf({ meanFraction, wordsPerToken }: Mark, { x, y }: CellGrid, box: Box): BadgePlace {
  const along = (value: number, { edges }: CellEdges) =>
    Math.max(0, Math.min(1, (value - edges[0]) / (edges[edges.length - 1] - edges[0])));
  return {
    px: along(meanFraction, x) * box.width,
    py: (1 - along(wordsPerToken, y)) * box.height,
  };
}

/** How far a cell's number steps aside, in pixels, for a badge that would lie on it. */
function stepAside(badges: readonly Badge[], { px, py }: BadgePlace): number {
  const on = badges.find((badge) => Math.abs(badge.px - px) < 24 && Math.abs(badge.py - py) < 15);
  if (on === undefined) return 0;
  return on.py > py ? -14 : 14;
}

/** Cells with their edges in the values of the axes, and their middle and width in pixels. */
function cellsOf(rows: readonly Row[], { x, y }: CellGrid, box: Box) {
  const perPixel = (x.edges[x.values.length] - x.edges[0]) / box.width;
  const yTop = y.edges[y.values.length];
  const yPerPixel = (yTop - y.edges[0]) / box.height;
  return rows.map((row) => {
    const column = x.values.indexOf(row.meanFraction);
    const line = y.values.indexOf(row.wordsPerToken);
    return {
      ...row,
      column,
      line,
      step: stepOf(row.effect),
      px: ((x.edges[column] + x.edges[column + 1]) / 2 - x.edges[0]) / perPixel,
      py: (yTop - (y.edges[line] + y.edges[line + 1]) / 2) / yPerPixel,
      pixels: (x.edges[column + 1] - x.edges[column]) / perPixel,
      x1: x.edges[column],
      x2: x.edges[column + 1],
      y1: y.edges[line],
      y2: y.edges[line + 1],
    };
  });
}
type Cell = ReturnType<typeof cellsOf>[number];

/** The border of the worlds where calibration does at least what the paper says. */
function paperBorder(cells: readonly Cell[], grid: CellGrid, paper: number): Plot.Markish[] {
  const effects = new Map(cells.map(({ column, line, effect }) => [`${column}/${line}`, effect]));
  const borders = cellBorders(grid, (column, line) => {
    const effect = effects.get(`${column}/${line}`);
    return effect === undefined ? null : effect <= paper;
  });
  const at = { x1: "x1", x2: "x2", y1: "y1", y2: "y2", strokeLinecap: "round" } as const;
  return [
    Plot.link(borders, { ...at, stroke: PAPER.light, strokeWidth: 6 }),
    Plot.link(borders, { ...at, stroke: STATED.light, strokeWidth: 3 }),
  ];
}

function cellNumbers(cells: readonly Cell[], shiftOf: (cell: Cell) => number): Plot.Markish[] {
  return [...Map.groupBy(cells, shiftOf)].map(([dy, some]) =>
    Plot.text(some, {
      x: ({ x1, x2 }: Cell) => (x1 + x2) / 2,
      y: ({ y1, y2 }: Cell) => (y1 + y2) / 2,
      dy,
      text: ({ effect }: Cell) => formatNumber(Math.round(effect * 100) + 0),
      fill: ({ step }: Cell) => step.text.light,
      fontSize: 11.5,
    })
  );
}

function draw(
  rows: readonly Row[],
  marks: readonly Mark[],
  { paper, error }: { readonly paper: number | null; readonly error: string },
): Picture {
  const grid: CellGrid = {
    x: cellEdges(rows.map(({ meanFraction }) => meanFraction)),
    y: cellEdges(rows.map(({ wordsPerToken }) => wordsPerToken)),
  };
  const [columns, lines] = [grid.x.values.length, grid.y.values.length];
  const marginRight = marks.length > 0 ? MARGIN.list : MARGIN.right;
  const width = WIDTH - MARGIN.left - marginRight;
  const height = Math.max(lines * LEAST_CELL_HEIGHT, marks.length * BADGE_ENTRY_HEIGHT);
  const places = marks.map((mark) => placeOf(mark, grid, { width, height }));
  const badges = placeBadges(places, width);
  const entries = marks.map(({ label, effect, low, high }, i) => ({
    letter: badges[i].letter,
    head: formatChange(effect),
    text: low === null || high === null
      ? label
      : `${formatChange(low)} to ${formatChange(high)}\n${label}`,
  }));
  const cells = cellsOf(rows, grid, { width, height });
  return drawPicture({
    width: WIDTH,
    height: MARGIN.top + height + MARGIN.bottom,
    marginTop: MARGIN.top,
    marginLeft: MARGIN.left,
    marginRight,
    marginBottom: MARGIN.bottom,
    x: { domain: [grid.x.edges[0], grid.x.edges[columns]] },
    y: { domain: [grid.y.edges[0], grid.y.edges[lines]] },
    marks: [
      Plot.rect(cells, {
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        inset: 0.5,
        fill: ({ step }: Cell) => step.ground.light,
      }),
      paper === null ? null : paperBorder(cells, grid, paper),
      cellNumbers(
        cells.filter(({ pixels }) => pixels >= NARROWEST_NUMBER),
        (cell) => stepAside(badges, cell),
      ),
      ...xAxis({
        label: "mean answer length before the cut, share of the cap",
        grid: false,
        ticks: grid.x.values,
        tickFormat: sameDecimals(grid.x.values),
      }),
      ...yAxis({
        grid: false,
        ticks: grid.y.values,
        tickFormat: sameDecimals(grid.y.values),
      }),
      Plot.text([`words per token; in the cells: change of the ${error}, %`], {
        frameAnchor: "top-left",
        textAnchor: "start",
        lineAnchor: "bottom",
        dx: -36,
        dy: -10,
        fill: QUIET.light,
      }),
      ...badgeMarks(badges),
      ...badgeList(entries, MARGIN.list),
    ],
  });
}

function keyItems(paper: number | null): KeyItem[] {
  const plain = { dash: "none", symbol: "square" } as const;
  const item = (label: string, step: number): KeyItem => ({
    ...plain,
    label,
    colour: DIVERGING[step].ground.light,
  });
  return [
    item("error falls by over half", 0),
    item("falls", 2),
    item("rises", 5),
    item("rises by over half", 7),
    ...(paper === null ? [] : [{
      ...plain,
      label: `border of the paper's ${formatChange(paper)}`,
      colour: STATED.light,
      sample: "line" as const,
    }]),
  ];
}

function finding(rows: readonly Row[], error: string, paper: number | null): string {
  const count = (direction: number) => rows.filter((row) => directionOf(row) === direction).length;
  if (rows.every((row) => directionOf(row) === null)) {
    return `Calibration and the ${error}, world by world`;
  }
  const [lower, higher] = [count(-1), count(1)];
  const all = `${formatNumber(rows.length)} worlds`;
  const reached = paper === null ? 0 : rows.filter(({ effect }) => effect <= paper).length;
  const asMuch = paper === null
    ? ""
    : `, by the paper's ${formatChange(paper).replace("−", "")} or more in ${
      formatNumber(reached)
    }`;
  if (lower === 0 && higher === 0) {
    return `Calibration makes no clear difference to the ${error} in any of ${all}`;
  }
  if (lower === 0) return `Calibration raises the ${error} in ${formatNumber(higher)} of ${all}`;
  const raises = higher === 0 ? "" : `, and raises it in ${formatNumber(higher)}`;
  return `Calibration lowers the ${error} in ${formatNumber(lower)} of ${all}${asMuch}${raises}`;
}

/**
 * What calibration does to the error, world by world: a cell per mean answer length (share of the
 * cap) and words per token, its relative change as number and colour, the border at which the paper's
 * number is reached, and named worlds where they fall. Columns: `meanFraction`, `wordsPerToken`,
 * `effect` (−0.4 is 40 % less), and `low`, `high`, `n` where known. Source of the number: driftsched
 * reference, claim C1.
 */
export function worldMap(table: ColumnTable, options: WorldMapOptions = {}): Figure {
  const { name = "world-map", paper = C1.paper, error = "mean absolute error" } = options;
  const rows = readRows(name, table, COLUMNS);
  const marks = options.marks ? readRows(`${name}, marks`, options.marks, MARK_COLUMNS) : [];
  const effects = rows.map(({ effect }) => effect);
  const places = marks.map(({ label, effect }) => `${label} ${formatChange(effect)}`);
  const drawn = [
    ...rows.map((row) => ({ label: null, ...row })),
    ...marks,
  ];
  return makeFigure({
    name,
    title: finding(rows, error, paper),
    subtitle: subtitleOf({
      setting: options.setting,
      shown: `${error} with calibration on relative to off, by world`,
      seeds: rows[0].n ?? options.seeds,
      repetitions: options.repetitions,
      intervals: marks.some(({ low }) => low !== null) ? "ranges" : "none",
    }),
    alt: `Grid of ${formatNumber(rows.length)} worlds by mean answer length and words per token; ` +
      `the effect runs from ${formatChange(Math.min(...effects))} to ${
        formatChange(Math.max(...effects))
      }.${places.length > 0 ? ` Marked worlds: ${formatList(places)}.` : ""}`,
    table: tableOfRows(marks.length > 0 ? drawn : rows),
    pictures: [
      drawKey(keyItems(paper), { width: WIDTH, sample: "area" }),
      draw(rows, marks, { paper, error }),
    ],
  });
}
