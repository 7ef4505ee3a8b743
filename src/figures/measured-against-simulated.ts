import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis, yAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { formatList, formatNumber, formatPercent } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { CALIBRATION_COLOURS, INK, NEUTRAL, QUIET } from "./theme/palette.ts";

const COLUMNS = { run: "text", other: "text", measured: "number", against: "number" } as const;
type Row = RowOf<typeof COLUMNS>;

/** Panels beside each other at most. */
const ACROSS = 3;
const GAP = { x: 26, y: 56 } as const;
const AGAIN = "measured again";

interface Panel {
  readonly run: string;
  readonly rows: readonly Row[];
  /** Whether the other side was measured as well: the noise of the real thing. */
  readonly again: boolean;
  /** Mean of |against − measured| over measured. */
  readonly error: number;
  readonly fx: string;
  readonly fy: string;
}

function panelsOf(rows: readonly Row[]): Panel[] {
  return [...Map.groupBy(rows, ({ run }) => run)].map(([run, of], i): Panel => ({
    run,
    rows: of,
    again: of[0].other === AGAIN,
    error: of.reduce((sum, { measured, against }) => sum + Math.abs(against / measured - 1), 0) /
      of.length,
    fx: String(i % ACROSS),
    fy: String(Math.floor(i / ACROSS)),
  }));
}

function range(panels: readonly Panel[]): string {
  const errors = panels.map(({ error }) => error);
  const [least, most] = [Math.min(...errors), Math.max(...errors)].map(formatPercent);
  return least === most ? least : `${least} to ${most}`;
}

function finding(panels: readonly Panel[]): string {
  const simulated = panels.filter(({ again }) => !again);
  const again = panels.filter((panel) => panel.again);
  const parts = [
    simulated.length > 0 ? `Simulated requests end ${range(simulated)} off on the average` : "",
    again.length > 0
      ? `${simulated.length > 0 ? "two" : "Two"} recordings of one run differ by ${range(again)}`
      : "",
  ].filter((part) => part !== "");
  return parts.join("; ");
}

function draw(panels: readonly Panel[]): Picture {
  const columns = [...new Set(panels.map(({ fx }) => fx))];
  const lines = [...new Set(panels.map(({ fy }) => fy))];
  const [marginLeft, marginRight, marginTop, marginBottom] = [44, 8, 42, 44];
  const size = (WIDTH - marginLeft - marginRight - (ACROSS - 1) * GAP.x) / ACROSS;
  const across = facetLayout(columns, { size, gap: GAP.x });
  /** Of a few panels: what is left of the width that every figure has. */
  const rest = (ACROSS - columns.length) * (size + GAP.x);
  const down = facetLayout(lines, { size, gap: GAP.y });
  const seconds = panels.flatMap(({ rows }) =>
    rows.flatMap(({ measured, against }) => [measured, against])
  ).filter((value) => value > 0);
  const domain = [Math.min(...seconds) / 1.15, Math.max(...seconds) * 1.15];
  const ticks = [0.01, 0.1, 1, 10, 100, 1000].filter((tick) =>
    tick >= domain[0] && tick <= domain[1]
  );
  const scale = { type: "log" as const, domain };
  const panelText = (text: (panel: Panel) => string, dy: number, options: Plot.TextOptions) =>
    Plot.text(panels as Panel[], {
      fx: "fx",
      fy: "fy",
      text,
      frameAnchor: "top-left",
      textAnchor: "start",
      lineAnchor: "bottom",
      dy,
      ...options,
    });
  return drawPicture({
    width: marginLeft + across.length + marginRight + rest,
    height: marginTop + down.length + marginBottom,
    ...{ marginTop, marginBottom, marginLeft, marginRight: marginRight + rest },
    fx: across.scale,
    fy: down.scale,
    x: scale,
    y: scale,
    marks: [
      ...yAxis({ ticks, tickFormat: (tick) => formatNumber(tick) }),
      ...xAxis({ label: "measured, seconds", ticks, tickFormat: (tick) => formatNumber(tick) }),
      panels.map(({ rows, again, fx, fy }) =>
        Plot.dot(rows as Row[], {
          fx: () => fx,
          fy: () => fy,
          x: "measured",
          y: "against",
          fill: (again ? NEUTRAL : CALIBRATION_COLOURS[1]).light,
          fillOpacity: 0.5,
          symbol: again ? "square" : "circle",
          r: 2.2,
        })
      ),
      Plot.link(panels as Panel[], {
        fx: "fx",
        fy: "fy",
        x1: () => domain[0],
        y1: () => domain[0],
        x2: () => domain[1],
        y2: () => domain[1],
        stroke: INK.light,
        strokeWidth: 1,
      }),
      panelText(({ run }) => run, -22, { fontWeight: 600, fontSize: 12.5, fill: INK.light }),
      panelText(
        ({ again, error }) => `${again ? AGAIN : "simulated"}: ${formatPercent(error)} off`,
        -7,
        {
          fontSize: 11.5,
          fill: QUIET.light,
        },
      ),
    ],
  });
}

/**
 * End-to-end latency of single requests, measured against simulated, a panel a run, both axes
 * logarithmic; on the line both agree. A run that was recorded twice shows the noise of the real
 * thing, as squares. Columns: `run`, `other` (`simulated`, `measured again`), `measured`, `against`
 * (seconds).
 */
export function measuredAgainstSimulated(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "measured-against-simulated", setting } = options;
  const rows = readRows(name, table, COLUMNS);
  const panels = panelsOf(rows);
  return makeFigure({
    name,
    title: finding(panels),
    subtitle: subtitleOf({
      setting,
      shown: "end-to-end latency of each request",
      intervals: "none",
      note: "on the line both sides agree; off: mean of |simulated − measured| over measured",
    }),
    alt: `Scatter plots of end-to-end latency, measured against simulated: ${
      formatList(panels.map(({ run, rows: of, again, error }) =>
        `${run} (${formatNumber(of.length)} requests${again ? ", measured again" : ""}) ${
          formatPercent(error)
        } off`
      ))
    }.`,
    table: tableOfRows(rows),
    pictures: [draw(panels)],
  });
}
