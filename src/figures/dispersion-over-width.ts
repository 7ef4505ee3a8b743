import type { ColumnTable } from "arquero";
import { drawKey } from "./draw/key.ts";
import { decades, drawLinePanels, shortPower, twoStyles } from "./draw/line-panels.ts";
import { WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { formatList, formatNumber } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";

const COLUMNS = {
  trace: "text",
  source: "text",
  seconds: "number",
  dispersion: "number",
} as const;
type Row = RowOf<typeof COLUMNS>;

const lastOf = (rows: readonly Row[]) =>
  rows.reduce((last, row) => row.seconds > last.seconds ? row : last);

function span(rows: readonly Row[]): string {
  const [least, most] = [Math.min, Math.max].map((of) =>
    formatNumber(of(...rows.map(({ dispersion }) => dispersion)))
  );
  return least === most ? least : `${least} to ${most}`;
}

/**
 * Index of dispersion of arrivals over the width of the bins, a panel a trace, both axes
 * logarithmic: the real one solid, the generated one dashed, a Poisson process at 1. Columns:
 * `trace`, `source` (`real`, then `generated`), `seconds`, `dispersion`.
 */
export function dispersionOverWidth(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "dispersion-over-width", setting } = options;
  // A logarithmic axis has no place for bins that hold equally many.
  const rows = readRows(name, table, COLUMNS).filter(({ dispersion }) => dispersion > 0);
  const sources = [...new Set(rows.map(({ source }) => source))].slice(0, 2);
  const traces = [...Map.groupBy(rows, ({ trace }) => trace)].map(([trace, of]) => ({
    trace,
    sides: sources.map((source) => of.filter((row) => row.source === source)),
  }));
  const widest = traces.flatMap(({ trace, sides }) =>
    sides[0].length === 0 ? [] : [{ trace, row: lastOf(sides[0]), sides }]
  );
  const x = [
    Math.min(...rows.map(({ seconds }) => seconds)),
    Math.max(...rows.map(({ seconds }) => seconds)),
  ] as const;
  const y = [
    Math.min(0.9, ...rows.map(({ dispersion }) => dispersion / 1.2)),
    Math.max(1.2, ...rows.map(({ dispersion }) => dispersion * 1.2)),
  ] as const;
  const told = (of: readonly Row[]) =>
    of.length === 0
      ? "none"
      : `${formatNumber(lastOf(of).dispersion)} at ${
        formatNumber(lastOf(of).seconds, { unit: "s" })
      }`;
  return makeFigure({
    name,
    title: `Arrivals of real traffic disperse ${
      span(widest.map(({ row }) => row))
    } times as much as a Poisson process's in the widest bins`,
    subtitle: subtitleOf({
      setting,
      shown: "variance over mean of the arrivals per bin",
      intervals: "none",
      note: "the line at 1: a Poisson process",
    }),
    alt: `Lines of the index of dispersion over the width of bins, logarithmic, a panel a trace. ${
      traces.map(({ trace, sides }) =>
        `${trace}: ${formatList(sides.map((of, i) => `${sources[i]} ${told(of)}`))}`
      ).join("; ")
    }.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(twoStyles(sources), { width: WIDTH, sample: "line" }),
      drawLinePanels(
        traces.map(({ trace, sides }) => ({
          title: trace,
          note: told(sides[0]),
          lines: sides.map((of) =>
            of.map(({ seconds, dispersion }) => ({ x: seconds, y: dispersion }))
          ),
        })),
        {
          x: {
            ...{ label: "width of a bin, seconds", type: "log", domain: x },
            ...{ ticks: decades(x), tickFormat: shortPower },
          },
          y: {
            ...{ label: "index of dispersion", type: "log", domain: y },
            ...{ ticks: decades(y), tickFormat: shortPower },
          },
          rule: 1,
        },
      ),
    ],
  });
}
