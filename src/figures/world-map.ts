import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis, yAxis } from "./draw/axes.ts";
import { cellEdges } from "./draw/cell-edges.ts";
import { drawKey, type KeyItem } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { spread } from "./draw/spread.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { directionOf } from "./text/finding.ts";
import { formatChange, formatList, formatNumber, sameDecimals } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { DIVERGING, type DivergingStep, INK, PAPER, QUIET, STATED } from "./theme/palette.ts";

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
  /** The paper's number, whose border is drawn; null for none. @default -0.388 */
  readonly paper?: number | null;
  /** What the effect is a relative change of. @default "mean absolute error" */
  readonly error?: string;
}

/** Bounds between the steps of the colour scale. */
const THRESHOLDS = [-0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5] as const;

function stepOf(effect: number): DivergingStep {
  return DIVERGING[THRESHOLDS.filter((bound) => effect >= bound).length];
}

interface Border {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

interface Grid {
  readonly x: ReturnType<typeof cellEdges>;
  readonly y: ReturnType<typeof cellEdges>;
}

/** Edges between neighbouring cells of which one reaches `level` and the other does not. */
function bordersAt(rows: readonly Row[], { x, y }: Grid, level: number): Border[] {
  const at = new Map(rows.map((row) => [`${row.meanFraction}/${row.wordsPerToken}`, row.effect]));
  const reaches = (column: number, row: number) => {
    const effect = at.get(`${x.values[column]}/${y.values[row]}`);
    return effect === undefined ? null : effect <= level;
  };
  const differ = (a: boolean | null, b: boolean | null) => a !== null && b !== null && a !== b;
  return x.values.flatMap((_, c) =>
    y.values.flatMap((_, r) => {
      const borders: Border[] = [];
      const here = reaches(c, r);
      if (c + 1 < x.values.length && differ(here, reaches(c + 1, r))) {
        const edge = x.edges[c + 1];
        borders.push({ x1: edge, x2: edge, y1: y.edges[r], y2: y.edges[r + 1] });
      }
      if (r + 1 < y.values.length && differ(here, reaches(c, r + 1))) {
        const edge = y.edges[r + 1];
        borders.push({ x1: x.edges[c], x2: x.edges[c + 1], y1: edge, y2: edge });
      }
      return borders;
    })
  );
}

/** Pixels between the centres of two badges, and from a badge to a number, that keep both legible. */
const BADGE = { radius: 8.5, gap: 18, numberX: 22, numberY: 15 } as const;
const MARGIN = { left: 44, top: 30, bottom: 44, rightOfList: 200, right: 12 } as const;
const CELL_HEIGHT = 40;

interface Badge extends Mark {
  readonly letter: string;
  /** Pixels from the left and the top of the grid. */
  readonly px: number;
  readonly py: number;
}

/** Letters for the marks at their places, moved apart sideways where they would lie on each other. */
function badgesOf(marks: readonly Mark[], grid: Grid, width: number): Badge[] {
  const height = grid.y.values.length * CELL_HEIGHT;
  const [left, right] = [grid.x.edges[0], grid.x.edges[grid.x.values.length]];
  const [bottom, top] = [grid.y.edges[0], grid.y.edges[grid.y.values.length]];
  const within = (share: number, length: number) => Math.max(0, Math.min(1, share)) * length;
  const at = marks.map((mark, i) => ({
    ...mark,
    letter: String.fromCharCode(65 + i),
    px: within((mark.meanFraction - left) / (right - left), width),
    py: within((top - mark.wordsPerToken) / (top - bottom), height),
  }));
  return at.map((badge) => {
    const near = at.filter(({ py }) => Math.abs(py - badge.py) < BADGE.gap);
    const moved = spread(near.map(({ px }) => px), {
      gap: BADGE.gap,
      min: BADGE.radius,
      max: width - BADGE.radius,
    });
    return { ...badge, px: moved[near.indexOf(badge)] };
  });
}

/** Marks at pixels of the grid, whatever the scales are. */
function atPixels(badges: readonly Badge[]): Plot.Markish[] {
  return badges.flatMap(({ letter, px, py }) => {
    const at = { frameAnchor: "top-left", dx: px, dy: py } as const;
    return badgeMarks(letter, at);
  });
}

interface Anchor {
  readonly frameAnchor: "top-left" | "top-right";
  readonly dx: number;
  readonly dy: number;
}

function badgeMarks(letter: string, at: Anchor): Plot.Markish[] {
  return [
    Plot.dot([0], {
      ...at,
      r: BADGE.radius,
      fill: INK.light,
      stroke: PAPER.light,
      strokeWidth: 1.5,
    }),
    Plot.text([letter], {
      ...at,
      textAnchor: "middle",
      lineAnchor: "middle",
      fill: PAPER.light,
      fontWeight: 700,
      fontSize: 11,
    }),
  ];
}

/** The list of marked worlds, right of the grid. */
function badgeList(badges: readonly Badge[]): Plot.Markish[] {
  return badges.flatMap(({ letter, label, effect, low, high }, i) => {
    const dy = BADGE.radius + 2 + i * 58;
    const interval = low === null || high === null
      ? ""
      : ` (${formatChange(low)} to ${formatChange(high)})`;
    const text = {
      frameAnchor: "top-right",
      textAnchor: "start",
      dx: 34,
      fill: INK.light,
    } as const;
    return [
      ...badgeMarks(letter, { frameAnchor: "top-right", dx: 20, dy }),
      Plot.text([`${formatChange(effect)}${interval}`], {
        ...text,
        lineAnchor: "middle",
        dy,
        fontWeight: 600,
      }),
      Plot.text([label], {
        ...text,
        lineAnchor: "top",
        dy: dy + 9,
        lineWidth: (MARGIN.rightOfList - 44) / 12,
        lineHeight: 1.2,
      }),
    ];
  });
}

/** How far a cell's number steps aside, in pixels, for a badge that would lie on it. */
function numberShift(badges: readonly Badge[], px: number, py: number): number {
  const on = badges.find((badge) =>
    Math.abs(badge.px - px) < BADGE.numberX && Math.abs(badge.py - py) < BADGE.numberY
  );
  if (on === undefined) return 0;
  return on.py > py ? -12 : 12;
}

function draw(
  rows: readonly Row[],
  marks: readonly Mark[],
  { paper, error }: { readonly paper: number | null; readonly error: string },
): Picture {
  const x = cellEdges(rows.map(({ meanFraction }) => meanFraction));
  const y = cellEdges(rows.map(({ wordsPerToken }) => wordsPerToken));
  const marginRight = marks.length > 0 ? MARGIN.rightOfList : MARGIN.right;
  const width = WIDTH - MARGIN.left - marginRight;
  const cellWidth = width / x.values.length;
  const badges = badgesOf(marks, { x, y }, width);
  const cells = rows.map((row) => {
    const [column, line] = [
      x.values.indexOf(row.meanFraction),
      y.values.indexOf(row.wordsPerToken),
    ];
    const py = (y.values.length - line - 0.5) * CELL_HEIGHT;
    return {
      ...row,
      step: stepOf(row.effect),
      shift: numberShift(badges, (column + 0.5) * cellWidth, py),
      x1: x.edges[column],
      x2: x.edges[column + 1],
      y1: y.edges[line],
      y2: y.edges[line + 1],
    };
  });
  type Cell = typeof cells[number];
  const numbers = Map.groupBy(cells, ({ shift }) => shift);
  return drawPicture({
    width: WIDTH,
    height: MARGIN.top + y.values.length * CELL_HEIGHT + MARGIN.bottom,
    marginTop: MARGIN.top,
    marginLeft: MARGIN.left,
    marginRight,
    marginBottom: MARGIN.bottom,
    x: { domain: [x.edges[0], x.edges[x.values.length]] },
    y: { domain: [y.edges[0], y.edges[y.values.length]] },
    marks: [
      Plot.rect(cells, {
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        inset: 0.5,
        fill: ({ step }: Cell) => step.ground.light,
      }),
      ...[...numbers].map(([dy, some]) =>
        cellWidth < 30 ? null : Plot.text(some, {
          x: ({ x1, x2 }: Cell) => (x1 + x2) / 2,
          y: ({ y1, y2 }: Cell) => (y1 + y2) / 2,
          dy,
          text: ({ effect }: Cell) => formatNumber(Math.round(effect * 100) + 0),
          fill: ({ step }: Cell) => step.text.light,
          fontSize: 11.5,
        })
      ),
      ...xAxis({
        label: "mean answer length, share of the cap",
        grid: false,
        ticks: x.values,
        tickFormat: sameDecimals(x.values),
      }),
      ...yAxis({ grid: false, ticks: y.values, tickFormat: sameDecimals(y.values) }),
      Plot.text([`words per token; in the cells: change of the ${error}, %`], {
        frameAnchor: "top-left",
        textAnchor: "start",
        lineAnchor: "bottom",
        dx: -36,
        dy: -10,
        fill: QUIET.light,
      }),
      paper === null ? null : Plot.link(bordersAt(rows, { x, y }, paper), {
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        stroke: STATED.light,
        strokeWidth: 3,
        strokeLinecap: "round",
      }),
      ...atPixels(badges),
      ...badgeList(badges),
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
  const count = (direction: number) =>
    rows.filter((row) => directionOf(row, row.effect) === direction).length;
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
 * `effect` (−0.4 is 40 % less), and `low`, `high`, `n` where known.
 */
export function worldMap(table: ColumnTable, options: WorldMapOptions = {}): Figure {
  const { name = "world-map", paper = -0.388, error = "mean absolute error" } = options;
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
      intervals: "none",
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
