import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { baselinePolicy } from "../analysis/baseline-policy.ts";
import { xAxis } from "./draw/axes.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { rowLabelsWidth } from "./draw/row-labels.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { capitalise } from "./text/capitalise.ts";
import {
  COMPARED_COLUMNS,
  differenceFrom,
  directionBetween,
  type Estimate,
} from "./text/finding.ts";
import { formatList, formatNumber } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { HAIR, INK, PAPER } from "./theme/palette.ts";
import { labelOf, type SeriesStyle, seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  policy: "text",
  tier: "text",
  statistic: "text",
  seconds: "number",
  low: "number?",
  high: "number?",
} as const;
type Row = RowOf<typeof COLUMNS & typeof COMPARED_COLUMNS>;

/** Options of {@link waitByTier}. */
export interface WaitByTierOptions extends FigureOptions {
  /**
   * Policy that the others are compared with. @default the one that the table names, else the first,
   * see `baselinePolicy`
   */
  readonly baseline?: string;
}

const STATISTICS: Readonly<Record<string, string>> = {
  p50: "median wait",
  p99: "P99 wait",
  max: "longest wait",
};
const statisticLabel = (statistic: string) => STATISTICS[statistic] ?? statistic;

const estimateOf = ({ seconds: value, low, high }: Row): Estimate => ({ value, low, high });

/** Who waits longer than under the baseline, by the statistic with the widest gap. */
function finding(rows: readonly Row[], baseline: string): string {
  const pairs = rows.flatMap((row) => {
    const base = rows.find(({ policy, tier, statistic }) =>
      policy === baseline && tier === row.tier && statistic === row.statistic
    );
    if (base === undefined || row.policy === baseline) return [];
    const difference = differenceFrom(baseline, row);
    return [{
      row,
      base,
      direction: directionBetween(estimateOf(base), estimateOf(row), difference),
    }];
  });
  if (pairs.length === 0 || pairs.some(({ direction }) => direction === null)) {
    return "Queue wait by tier";
  }
  const longer = pairs.filter(({ direction }) => direction === 1);
  const label = labelOf("policy", baseline);
  if (longer.length === 0) return `No tier waits clearly longer than under ${label}`;
  const { row, base } = longer.reduce((most, pair) =>
    pair.row.seconds - pair.base.seconds > most.row.seconds - most.base.seconds ? pair : most
  );
  const rivals = rows.filter(({ policy, statistic }) =>
    policy === row.policy && statistic === row.statistic
  );
  const least = rivals.reduce((best, rival) => rival.seconds < best.seconds ? rival : best);
  const beside = least.tier === row.tier
    ? ""
    : `, the ${labelOf("tier", least.tier)} tier's is ${wait(least.seconds)}`;
  return `Under ${labelOf("policy", row.policy)} the ${labelOf("tier", row.tier)} tier's ${
    statisticLabel(row.statistic)
  } is ${wait(row.seconds)} (${wait(base.seconds)} under ${label})${beside}`;
}

function wait(seconds: number): string {
  return formatNumber(seconds, { unit: "s" });
}

interface DrawOptions {
  readonly policies: readonly SeriesStyle[];
  readonly tiers: readonly SeriesStyle[];
  readonly statistics: readonly string[];
}

function draw(rows: readonly Row[], { policies, tiers, statistics }: DrawOptions): Picture {
  const at = { fx: "statistic", fy: "policy", y: "tier" };
  const longest = Math.max(...rows.map(({ seconds, high }) => high ?? seconds));
  return drawPicture({
    width: WIDTH,
    height: 28 + policies.length * (tiers.length * 17 + 10) + 44,
    marginTop: 28,
    marginLeft: rowLabelsWidth(policies),
    marginRight: 12,
    marginBottom: 44,
    fx: { domain: [...statistics], axis: null, paddingInner: 0.07, paddingOuter: 0 },
    fy: {
      domain: policies.map(({ name }) => name),
      axis: null,
      paddingInner: 0,
      paddingOuter: 0,
    },
    x: { domain: [0, longest * 1.18], nice: false },
    y: { type: "point", domain: tiers.map(({ name }) => name), padding: 0.8, axis: null },
    marks: [
      ...xAxis({ label: "queue wait, seconds", ticks: 4 }),
      Plot.ruleX([0], { stroke: INK.light }),
      Plot.frame({ anchor: "bottom", stroke: HAIR.light, facet: "include" }),
      tiers.map(({ name, colour, symbol }) => {
        const series = rows.filter(({ tier }) => tier === name);
        return [
          Plot.link(series, {
            ...at,
            x1: (row: Row) => row.low ?? row.seconds,
            x2: (row: Row) => row.high ?? row.seconds,
            stroke: colour,
            strokeWidth: 4,
            strokeOpacity: 0.5,
          }),
          Plot.dot(series, {
            ...at,
            x: "seconds",
            symbol,
            fill: colour,
            stroke: PAPER.light,
            strokeWidth: 0.75,
            r: 4.5,
          }),
          Plot.text(series, {
            ...at,
            x: (row: Row) => row.high ?? row.seconds,
            text: ({ seconds }: Row) => formatNumber(seconds),
            textAnchor: "start",
            dx: 8,
            fontSize: 11,
            fill: INK.light,
            stroke: PAPER.light,
            strokeWidth: 3,
          }),
        ];
      }),
      Plot.text(policies as SeriesStyle[], {
        fx: () => statistics[0],
        fy: "name",
        text: "label",
        frameAnchor: "left",
        textAnchor: "end",
        dx: -10,
        fontSize: 12.5,
        fill: INK.light,
      }),
      Plot.text(statistics as string[], {
        fx: (statistic: string) => statistic,
        fy: () => policies[0].name,
        text: (statistic: string) => capitalise(statisticLabel(statistic)),
        frameAnchor: "top-left",
        textAnchor: "start",
        lineAnchor: "bottom",
        dy: -8,
        fontSize: 13,
        fontWeight: 600,
        fill: INK.light,
      }),
    ],
  });
}

/**
 * Queue wait per policy and tier: median, P99 and the longest, one panel each: who waits, who starves.
 * Columns: `policy`, `tier`, `statistic` (`p50`, `p99`, `max`), `seconds`, `low`, `high`. The title
 * compares by `baseline`, `difference`, `differenceLow`, `differenceHigh` (paired by seed, seconds) and
 * claims nothing where a table with intervals has none of them.
 */
export function waitByTier(table: ColumnTable, options: WaitByTierOptions = {}): Figure {
  const { name = "wait-by-tier", setting, seeds } = options;
  const rows = readRows(name, table, { ...COLUMNS, ...COMPARED_COLUMNS });
  const baseline = options.baseline ?? rows[0].baseline ??
    baselinePolicy(rows.map(({ policy }) => policy));
  const policies = seriesStyles("policy", rows.map(({ policy }) => policy));
  const tiers = seriesStyles("tier", rows.map(({ tier }) => tier));
  const statistics = [...new Set(rows.map(({ statistic }) => statistic))];
  const last = statistics[statistics.length - 1];
  const told = policies.map((policy) => {
    const of = rows.filter((row) => row.policy === policy.name && row.statistic === last);
    return `${policy.label}, ${
      formatList(of.map(({ tier, seconds }) => `${labelOf("tier", tier)} ${wait(seconds)}`))
    }`;
  });
  return makeFigure({
    name,
    title: finding(rows, baseline),
    subtitle: subtitleOf({
      setting,
      seeds,
      repetitions: options.repetitions,
      intervals: rows.some(({ low }) => low !== null) ? "bars" : "none",
    }),
    alt: `Queue wait per policy and tier: ${formatList(statistics.map(statisticLabel))}. ${
      capitalise(statisticLabel(last))
    }: ${told.join("; ")}.`,
    table: tableOfRows(rows, COLUMNS),
    pictures: [
      drawKey(tiers, { width: WIDTH, sample: "symbol" }),
      draw(rows, { policies, tiers, statistics }),
    ],
  });
}
