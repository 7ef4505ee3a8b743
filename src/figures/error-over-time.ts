import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis, yAxis } from "./draw/axes.ts";
import { endLabels, endLabelsWidth } from "./draw/end-labels.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { facetTitles } from "./draw/facet-titles.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { type OffAndOn, offAndOn } from "./tables/off-and-on.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { capitalise } from "./text/capitalise.ts";
import {
  type Change,
  COMPARED_COLUMNS,
  describeChanges,
  differenceFrom,
  directionBetween,
  type Estimate,
  meanDifference,
  meanOf,
  type PairedDifference,
  relativeChange,
} from "./text/finding.ts";
import { formatNumber } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK, PAPER, QUIET } from "./theme/palette.ts";
import { labelOf, seriesNames, seriesStyles, unitOf } from "./theme/series.ts";

const COLUMNS = {
  counting: "text",
  calibration: "text",
  request: "number",
  mae: "number",
  low: "number?",
  high: "number?",
  phase: "text",
} as const;
type Row = RowOf<typeof COLUMNS & typeof COMPARED_COLUMNS>;

/** Options of {@link errorOverTime}. */
export interface ErrorOverTimeOptions extends FigureOptions {
  /** `relative`: errors are shares of the mean answer. @default "absolute" */
  readonly measure?: "absolute" | "relative";
}

interface Panel {
  readonly counting: string;
  /** Name of the counting mode, and what is measured in which unit. */
  readonly title: string;
  /** Mean over the last phase, calibration off and on. */
  readonly off: Estimate;
  readonly on: Estimate;
  /** Mean of on less off, seed by seed. */
  readonly paired: PairedDifference;
}

interface PanelOptions extends OffAndOn {
  readonly measured: string;
  readonly lastPhase: string;
}

function panelOf(rows: readonly Row[], counting: string, options: PanelOptions): Panel {
  const late = rows.filter((row) => row.counting === counting && row.phase === options.lastPhase);
  const of = (calibration: string) =>
    meanOf(
      late.filter((row) => row.calibration === calibration)
        .map(({ mae: value, low, high }) => ({ value, low, high })),
    );
  const differences = late.filter(({ calibration }) => calibration === options.on)
    .map((row) => differenceFrom(options.off, row));
  return {
    counting,
    title: `${capitalise(labelOf("counting", counting))}: ${options.measured}`,
    off: of(options.off),
    on: of(options.on),
    // Bins learn from each other, so their margins may not cancel.
    paired: meanDifference(differences),
  };
}

/** Phases in order, each with the place where it begins: halfway between the bins on either side. */
function phasesOf(rows: readonly Row[]): { phase: string; request: number }[] {
  const bins = new Map(rows.map(({ request, phase }) => [request, phase]));
  const requests = [...bins.keys()].sort((a, b) => a - b);
  return requests.flatMap((request, i) => {
    const phase = bins.get(request)!;
    if (i > 0 && bins.get(requests[i - 1]) === phase) return [];
    return [{ phase, request: i > 0 ? (requests[i - 1] + request) / 2 : request }];
  });
}

function draw(
  rows: readonly Row[],
  panels: readonly Panel[],
  tickFormat: (error: number) => string,
): Picture {
  const styles = seriesStyles("calibration", rows.map(({ calibration }) => calibration));
  const changes = phasesOf(rows).slice(1);
  const facets = facetLayout(panels.map(({ counting }) => counting), { size: 180, gap: 40 });
  const ends = panels.flatMap(({ counting }) =>
    styles.flatMap((style) => {
      const last = rows.findLast((row) =>
        row.counting === counting && row.calibration === style.name
      );
      return last ? [{ x: last.request, y: last.mae, style, facet: counting }] : [];
    })
  );
  return drawPicture({
    width: WIDTH,
    height: facets.length + 24 + 44,
    marginTop: 24,
    marginLeft: 44,
    marginRight: endLabelsWidth(styles.map(({ label }) => label)),
    marginBottom: 44,
    fy: facets.scale,
    x: { domain: [0, Math.max(...rows.map(({ request }) => request))] },
    y: { zero: true, nice: true },
    marks: [
      ...yAxis({ ticks: 5, tickFormat }),
      ...xAxis({ label: "request, by order of arrival", grid: false }),
      Plot.ruleX(changes, { x: "request", stroke: QUIET.light, strokeDasharray: "2 3" }),
      Plot.text(changes, {
        x: "request",
        text: ({ phase }) => `${phase} phase`,
        frameAnchor: "bottom",
        textAnchor: "start",
        dx: 5,
        dy: -10,
        fill: QUIET.light,
        stroke: PAPER.light,
        strokeWidth: 4,
      }),
      styles.map(({ name, colour, dash }) => {
        const series = rows.filter(({ calibration }) => calibration === name);
        const at = { fy: "counting", x: "request" };
        return [
          Plot.areaY(series, {
            ...at,
            y1: (row: Row) => row.low ?? row.mae,
            y2: (row: Row) => row.high ?? row.mae,
            fill: colour,
            fillOpacity: 0.18,
          }),
          Plot.lineY(series, {
            ...at,
            y: "mae",
            stroke: colour,
            strokeWidth: 2,
            strokeDasharray: dash,
          }),
        ];
      }),
      Plot.ruleY([0], { stroke: INK.light }),
      ...endLabels(ends, { facet: "fy" }),
      facetTitles(panels.map(({ counting, title }) => ({ name: counting, label: title })), "fy"),
    ],
  });
}

/**
 * Estimation error over a run, calibration off against on, one panel per counting mode, phase changes
 * marked. Columns: `counting`, `calibration`, `request` (middle of the bin by order of arrival), `mae`,
 * `low`, `high` (words or tokens; shares with `measure: "relative"`), `phase`. The title compares by
 * `baseline`, `difference`, `differenceLow`, `differenceHigh` (on less off, paired by seed) and claims
 * nothing where a table with intervals has none of them.
 */
export function errorOverTime(table: ColumnTable, options: ErrorOverTimeOptions = {}): Figure {
  const { name = "error-over-time", setting, seeds, measure = "absolute" } = options;
  const rows = readRows(name, table, { ...COLUMNS, ...COMPARED_COLUMNS });
  const calibrations = offAndOn(name, rows);
  const relative = measure === "relative";
  const phases = phasesOf(rows);
  const lastPhase = phases[phases.length - 1].phase;
  const panels = seriesNames("counting", rows.map(({ counting }) => counting)).map((counting) =>
    panelOf(rows, counting, {
      ...calibrations,
      lastPhase,
      measured: `mean absolute error, ${relative ? "% of the mean answer" : unitOf(counting)}`,
    })
  );
  const shown = (error: number) =>
    relative ? formatNumber(error * 100, { unit: "%" }) : formatNumber(error);
  const inPhase = phases.length > 1 ? ` in the ${lastPhase} phase` : "";
  const changes = panels.map(({ counting, off, on, paired }): Change => ({
    where: labelOf("counting", counting),
    change: relativeChange(off.value, on.value),
    direction: directionBetween(off, on, paired),
  }));
  const levels = panels.map(({ counting, off, on }) =>
    `${labelOf("counting", counting)}, off ${shown(off.value)}, on ${shown(on.value)}`
  );
  return makeFigure({
    name,
    title: describeChanges(changes, {
      subject: "Calibration",
      object: `the error of length estimates${inPhase}`,
    }),
    subtitle: subtitleOf({
      setting,
      seeds,
      repetitions: options.repetitions,
      intervals: rows.some(({ low }) => low !== null) ? "bands" : "none",
    }),
    alt:
      `Lines of the mean absolute error over the run, with calibration off and on. Mean${inPhase}: ` +
      `${levels.join("; ")}.`,
    table: tableOfRows(rows, COLUMNS),
    pictures: [
      draw(rows, panels, (error) => relative ? formatNumber(error * 100) : formatNumber(error)),
    ],
  });
}
