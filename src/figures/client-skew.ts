import type { ColumnTable } from "arquero";
import { drawKey } from "./draw/key.ts";
import { decades, drawLinePanels, shortPower, twoStyles } from "./draw/line-panels.ts";
import { WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { formatList, formatNumber, formatPercent } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";

const COLUMNS = {
  trace: "text",
  unit: "text",
  rank: "number",
  of: "number",
  share: "number",
  equal: "number",
} as const;
type Row = RowOf<typeof COLUMNS>;

/** How many of the largest the title speaks of. */
const TOP = 3;

/** Share of the largest few. */
const top = (rows: readonly Row[]) =>
  rows.reduce((best, row) => row.rank <= TOP && row.rank > best.rank ? row : best).share;

/**
 * Share of the requests that the largest clients send, over how many of them, a panel a trace; solid
 * as it is, dashed as it would be if all sent equally many. Columns: `trace`, `unit` (`clients`,
 * `sessions`), `rank`, `of`, `share`, `equal`.
 */
export function clientSkew(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "client-skew", setting } = options;
  const rows = readRows(name, table, COLUMNS);
  const traces = [...Map.groupBy(rows, ({ trace }) => trace)]
    .map(([trace, of]) => ({ trace, of: of.toSorted((a, b) => a.rank - b.rank) }));
  const x = [1, Math.max(2, ...rows.map(({ rank }) => rank))] as const;
  return makeFigure({
    name,
    title: `The ${TOP} largest send ${
      formatList(traces.map(({ trace, of }) => `${formatPercent(top(of))} (${trace})`))
    } of the requests`,
    subtitle: subtitleOf({
      setting,
      shown: "cumulative share of the requests by rank of the sender",
      intervals: "none",
    }),
    alt: `Rising lines of the share of requests by the largest clients, a panel a trace: ${
      traces.map(({ trace, of }) =>
        `${trace}: ${formatNumber(of[0].of)} ${of[0].unit}, the ${TOP} largest send ${
          formatPercent(top(of))
        }`
      ).join("; ")
    }.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(twoStyles(["as it is", "if all sent equally many"]), {
        width: WIDTH,
        sample: "line",
      }),
      drawLinePanels(
        traces.map(({ trace, of }) => ({
          title: trace,
          note: `${formatNumber(of[0].of)} ${of[0].unit}; the ${TOP} largest ${
            formatPercent(top(of))
          }`,
          lines: [
            of.map(({ rank, share }) => ({ x: rank, y: share })),
            of.map(({ rank, equal }) => ({ x: rank, y: equal })),
          ],
        })),
        {
          x: {
            ...{ label: "senders, the largest first", type: "log", domain: x, ticks: decades(x) },
            tickFormat: shortPower,
          },
          y: {
            ...{ label: "share of the requests", type: "linear", domain: [0, 1] },
            ...{ ticks: [0, 0.5, 1], tickFormat: (share) => `${share * 100}\u00a0%` },
          },
        },
      ),
    ],
  });
}
