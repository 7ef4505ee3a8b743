import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis } from "./draw/axes.ts";
import { facetLayout } from "./draw/facet-layout.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { rowLabelsWidth } from "./draw/row-labels.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { formatList, formatNumber, formatPercent } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { HAIR, INK, PAPER, QUIET } from "./theme/palette.ts";
import { labelOf, type SeriesKind, type SeriesStyle, seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  server: "text",
  policy: "text",
  kind: "text",
  group: "text",
  starved: "number",
  low: "number?",
  high: "number?",
  longest: "number",
} as const;
type Row = RowOf<typeof COLUMNS>;

/** Options of {@link starvation}. */
export interface StarvationFigureOptions extends FigureOptions {
  /** How many overtake a request that starves. @default 100 */
  readonly overtaken?: number;
}

const kindOf = ({ kind }: Row): SeriesKind => kind === "category" ? "category" : "tier";
const seconds = (value: number) => formatNumber(value, { decimals: value < 10 ? 1 : 0, unit: "s" });
const ROW = 15;
const GAP = { x: 24, y: 14 } as const;

function finding(rows: readonly Row[]): string {
  const clear = rows.filter(({ starved, low }) => (low ?? starved) > 0);
  if (clear.length === 0) {
    const { longest } = rows.reduce((most, row) => row.longest > most.longest ? row : most);
    return `Nobody starves; the longest wait is ${seconds(longest)}`;
  }
  const worst = clear.reduce((most, row) => row.starved > most.starved ? row : most);
  const same = rows.filter(({ server, policy, kind }) =>
    server === worst.server && policy === worst.policy && kind === worst.kind
  );
  const least = same.reduce((best, row) => row.starved < best.starved ? row : best);
  const label = ({ group }: Row) => labelOf(kindOf(worst), group);
  const beside = least === worst
    ? ""
    : ` and ${formatPercent(least.starved)} of ${label(least)} ones`;
  return `${labelOf("policy", worst.policy)} starves ${formatPercent(worst.starved)} of the ${
    label(worst)
  } requests${beside} (${worst.server})`;
}

interface DrawOptions {
  readonly servers: readonly string[];
  readonly policies: readonly SeriesStyle[];
  /** Groups with their looks: tiers, then categories. */
  readonly groups: readonly SeriesStyle[];
}

function draw(rows: readonly Row[], { servers, policies, groups }: DrawOptions): Picture {
  const at = { fx: "server", fy: "policy", y: "group" } as const;
  const [marginTop, marginBottom, marginRight] = [26, 44, 56];
  const marginLeft = rowLabelsWidth(policies);
  const room = WIDTH - marginLeft - marginRight;
  const across = facetLayout(servers, {
    size: (room - (servers.length - 1) * (GAP.x + marginRight)) / servers.length,
    gap: GAP.x + marginRight,
  });
  const down = facetLayout(policies.map(({ name }) => name), {
    size: groups.length * ROW,
    gap: GAP.y,
  });
  const most = Math.max(0.01, ...rows.map(({ starved, high }) => high ?? starved));
  const cells = new Set(rows.map(({ server, policy }) => `${server}/${policy}`));
  const missing = servers.flatMap((server) =>
    policies.filter(({ name }) => !cells.has(`${server}/${name}`))
      .map(({ name: policy }) => ({ server, policy }))
  );
  return drawPicture({
    width: WIDTH,
    height: marginTop + down.length + marginBottom,
    ...{ marginTop, marginBottom, marginLeft, marginRight },
    fx: across.scale,
    fy: down.scale,
    x: { domain: [0, most] },
    y: { type: "point", domain: groups.map(({ name }) => name), padding: 0.5, axis: null },
    marks: [
      ...xAxis({
        label: "share of the group's requests that starve",
        ticks: 2,
        tickFormat: (share) => `${formatNumber(Math.round(share * 100))}\u00a0%`,
      }),
      Plot.frame({ anchor: "left", stroke: INK.light }),
      Plot.frame({ anchor: "bottom", stroke: HAIR.light }),
      groups.map(({ name, colour, symbol }) => {
        const series = rows.filter(({ group }) => group === name);
        return [
          Plot.link(series, {
            ...at,
            x1: (row: Row) => row.low ?? row.starved,
            x2: (row: Row) => row.high ?? row.starved,
            stroke: colour,
            strokeWidth: 4,
            strokeOpacity: 0.5,
          }),
          Plot.dot(series, {
            ...at,
            x: "starved",
            symbol,
            fill: colour,
            stroke: PAPER.light,
            strokeWidth: 0.75,
            r: 4.5,
          }),
        ];
      }),
      Plot.text(rows as Row[], {
        ...at,
        text: ({ longest }: Row) => seconds(longest),
        frameAnchor: "right",
        textAnchor: "end",
        dx: 50,
        fontSize: 11,
        fill: INK.light,
      }),
      Plot.text(missing, {
        fx: "server",
        fy: "policy",
        text: () => "not run here",
        frameAnchor: "middle",
        fontSize: 11.5,
        fill: QUIET.light,
      }),
      Plot.text(policies as SeriesStyle[], {
        fx: () => servers[0],
        fy: "name",
        text: "label",
        frameAnchor: "left",
        textAnchor: "end",
        dx: -10,
        fontSize: 12.5,
        fill: INK.light,
      }),
      Plot.text(servers as string[], {
        fx: (server: string) => server,
        fy: () => policies[0].name,
        text: (server: string) => server,
        frameAnchor: "top-left",
        textAnchor: "start",
        lineAnchor: "bottom",
        dy: -9,
        fontWeight: 600,
        fontSize: 13,
        fill: INK.light,
      }),
      Plot.text(servers as string[], {
        fx: (server: string) => server,
        fy: () => policies[0].name,
        text: () => "longest",
        frameAnchor: "top-right",
        textAnchor: "end",
        lineAnchor: "bottom",
        dx: 50,
        dy: -9,
        fontSize: 11,
        fill: QUIET.light,
      }),
    ],
  });
}

/**
 * Who starves: per server, policy and group (tiers, then categories) the share of requests that many
 * overtook, and the longest wait of the group. Columns: `server`,
 * `policy`, `kind` (`tier`, `category`), `group`, `starved`, `low`, `high`, `longest` (seconds); of
 * one load.
 */
export function starvation(table: ColumnTable, options: StarvationFigureOptions = {}): Figure {
  const { name = "starvation", overtaken = 100 } = options;
  const rows = readRows(name, table, COLUMNS);
  const policies = seriesStyles("policy", rows.map(({ policy }) => policy));
  const groups = [...Map.groupBy(rows, kindOf)].flatMap(([kind, of]) =>
    seriesStyles(kind, of.map(({ group }) => group))
  );
  const servers = [...new Set(rows.map(({ server }) => server))];
  const told = policies.map(({ name: policy, label }) => {
    const own = rows.filter((row) => row.policy === policy);
    const worst = own.reduce((most, row) => row.starved > most.starved ? row : most);
    const waiting = own.reduce((most, row) => row.longest > most.longest ? row : most);
    return `${label} at most ${formatPercent(worst.starved)} (${
      labelOf(kindOf(worst), worst.group)
    }, ${worst.server}), longest wait ${seconds(waiting.longest)} (${
      labelOf(kindOf(waiting), waiting.group)
    }, ${waiting.server})`;
  });
  return makeFigure({
    name,
    title: finding(rows),
    subtitle: subtitleOf({
      setting: options.setting,
      shown:
        `starving: ${overtaken} or more came later and went first; at the right the longest wait`,
      seeds: options.seeds,
      repetitions: options.repetitions,
      intervals: rows.some(({ low }) => low !== null) ? "bars" : "none",
    }),
    alt: `Share of starving requests and longest wait by ${
      formatList(groups.map(({ label }) => label))
    } for each policy: ${told.join("; ")}.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(groups, { width: WIDTH, sample: "symbol" }),
      draw(rows, { servers, policies, groups }),
    ],
  });
}
