import type { ColumnTable } from "arquero";
import { drawKey } from "./draw/key.ts";
import { decades, drawLinePanels, shortPower, twoStyles } from "./draw/line-panels.ts";
import { WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { formatList, formatNumber, formatShareTick } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";

const COLUMNS = { trace: "text", kind: "text", share: "number", tokens: "number" } as const;
type Row = RowOf<typeof COLUMNS>;

/** Length that a share of the requests exceeds: the nearest share of the table's. */
function exceeded(rows: readonly Row[], share: number): number {
  const off = (row: Row) => Math.abs(Math.log(row.share / share));
  return rows.reduce((best, row) => off(row) < off(best) ? row : best).tokens;
}

/**
 * Share of requests longer than x, a panel a trace, both axes logarithmic; prompts solid, answers
 * dashed. Columns: `trace`, `kind` (`prompts`, then `answers`), `share`, `tokens`.
 */
export function lengthTails(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "length-tails", setting } = options;
  const rows = readRows(name, table, COLUMNS);
  const kinds = [...new Set(rows.map(({ kind }) => kind))].slice(0, 2);
  const traces = [...Map.groupBy(rows, ({ trace }) => trace)].map(([trace, of]) => ({
    trace,
    sides: kinds.map((kind) => of.filter((row) => row.kind === kind)),
  }));
  const heaviness = (side: number) =>
    traces.flatMap(({ sides }) =>
      sides[side] === undefined || sides[side].length === 0
        ? []
        : [exceeded(sides[side], 0.01) / Math.max(1, exceeded(sides[side], 0.5))]
    );
  const range = (side: number) => {
    const of = heaviness(side);
    const [least, most] = [Math.min(...of), Math.max(...of)].map((each) => formatNumber(each));
    return least === most ? least : `${least} to ${most}`;
  };
  const tokens = rows.map((row) => Math.max(1, row.tokens));
  const x = [Math.min(...tokens), Math.max(...tokens) * 1.1] as const;
  const y = [Math.min(...rows.map(({ share }) => share)), 1] as const;
  const told = (of: readonly Row[], kind: string) =>
    of.length === 0
      ? `no ${kind}`
      : `${formatNumber(Math.round(exceeded(of, 0.5)))} / ${
        formatNumber(Math.round(exceeded(of, 0.01)))
      }`;
  return makeFigure({
    name,
    title: `The longest 1 % of the ${kinds.at(-1)} are at least ${
      range(kinds.length - 1)
    } times as long as the median`,
    subtitle: subtitleOf({
      setting,
      shown: "share of requests longer than so many tokens",
      intervals: "none",
      note: `above a panel: median / P99 of ${kinds.join("; of ")}`,
    }),
    alt: `Falling lines of the share of requests longer than x tokens, logarithmic, a panel a ` +
      `trace, median / P99: ${
        traces.map(({ trace, sides }) =>
          `${trace}: ${formatList(sides.map((of, i) => `${kinds[i]} ${told(of, kinds[i])}`))}`
        ).join("; ")
      }.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(twoStyles(kinds), { width: WIDTH, sample: "line" }),
      drawLinePanels(
        traces.map(({ trace, sides }) => ({
          title: trace,
          note: sides.map((of, i) => told(of, kinds[i])).join("; "),
          lines: sides.map((of) =>
            of.toSorted((a, b) => b.share - a.share)
              .map(({ tokens, share }) => ({ x: Math.max(1, tokens), y: share }))
          ),
        })),
        {
          x: {
            ...{ label: "tokens", type: "log", domain: x, ticks: decades(x) },
            tickFormat: shortPower,
          },
          y: {
            ...{ label: "requests longer than this", type: "log", domain: y, ticks: decades(y) },
            tickFormat: formatShareTick,
          },
        },
      ),
    ],
  });
}
