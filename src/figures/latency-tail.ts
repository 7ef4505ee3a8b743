import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { baselinePolicy } from "../analysis/baseline-policy.ts";
import { xAxis, yAxis } from "./draw/axes.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { atShare } from "./draw/tail-curve.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import {
  DIFFERENCE_COLUMNS,
  directionBetween,
  type Estimate,
  NOT_PAIRED,
  type PairedDifference,
} from "./text/finding.ts";
import { formatChange, formatList, formatNumber, formatShareTick } from "./text/format.ts";
import { capitalise } from "./text/capitalise.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK, PAPER, QUIET } from "./theme/palette.ts";
import { labelOf, seriesNames, seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  policy: "text",
  share: "number",
  seconds: "number",
  low: "number?",
  high: "number?",
} as const;
type Row = RowOf<typeof COLUMNS & typeof DIFFERENCE_COLUMNS>;

/** Options of {@link latencyTail}. */
export interface LatencyTailOptions extends FigureOptions {
  /** What is measured. @default "end-to-end latency" */
  readonly latency?: string;
  /** Policy that the others are compared with. @default the first, see `baselinePolicy` */
  readonly baseline?: string;
}

/** Marked levels: the share of requests that are slower, by the name of the quantile. */
const LEVELS = [
  { name: "P50", share: 0.5 },
  { name: "P90", share: 0.1 },
  { name: "P99", share: 0.01 },
  { name: "P99.9", share: 0.001 },
] as const;

/** Latency that the given share of requests exceeds. */
function estimateAt(curve: readonly Row[], share: number): Estimate | null {
  const read = atShare(curve, share);
  if (read === null) return null;
  const bound = (of: (row: Row) => number | null) => {
    const value = read((row) => of(row) ?? NaN);
    return Number.isNaN(value) ? null : value;
  };
  return {
    value: read(({ seconds }) => seconds),
    low: bound(({ low }) => low),
    high: bound(({ high }) => high),
  };
}

interface Curve {
  readonly policy: string;
  /** Falling share. */
  readonly rows: readonly Row[];
  readonly p50: Estimate;
  readonly p99: Estimate;
  /** How far the P99 is above the lowest, paired by seed. */
  readonly above: PairedDifference;
}

/**
 * Difference from the lowest at a share. Between two shares it is read off as the latency is; the
 * bounds of a mixture lie within those of its parts.
 */
function differenceAt(curve: readonly Row[], share: number): PairedDifference {
  const read = atShare(curve, share);
  if (read === null) return NOT_PAIRED;
  const of = (name: keyof PairedDifference) => {
    const value = read((row) => row[name] ?? NaN);
    return Number.isNaN(value) ? null : value;
  };
  return {
    difference: of("difference"),
    differenceLow: of("differenceLow"),
    differenceHigh: of("differenceHigh"),
  };
}

function curvesOf(rows: readonly Row[]): Curve[] {
  return seriesNames("policy", rows.map(({ policy }) => policy)).map((policy) => {
    const curve = rows.filter((row) => row.policy === policy && row.share > 0)
      .toSorted((a, b) => b.share - a.share);
    const last = { value: curve[curve.length - 1].seconds, low: null, high: null };
    return {
      policy,
      rows: curve,
      p50: estimateAt(curve, 0.5) ?? last,
      p99: estimateAt(curve, 0.01) ?? last,
      above: differenceAt(curve, 0.01),
    };
  });
}

const seconds = ({ value }: Estimate) => formatNumber(value, { unit: "s" });

function finding(curves: readonly Curve[], latency: string, baseline: string): string {
  const best = curves.reduce((least, curve) => curve.p99.value < least.p99.value ? curve : least);
  const base = curves.find(({ policy }) => policy === baseline);
  const label = ({ policy }: Curve) => labelOf("policy", policy);
  if (curves.length === 1) return `${label(best)} has a P99 ${latency} of ${seconds(best.p99)}`;
  const directions = new Map(
    curves.filter((curve) => curve !== best)
      .map((curve) => [curve, directionBetween(best.p99, curve.p99, curve.above)]),
  );
  // Where nothing pairs the policies, nothing is said of which is lower.
  if ([...directions.values()].includes(null)) return `${capitalise(latency)} by policy`;
  const as = (curve: Curve) => directions.get(curve) !== 1;
  if (base === undefined) {
    const ties = curves.filter(as);
    return ties.length < 2
      ? `${label(best)} has the lowest P99 ${latency}, ${seconds(best.p99)}`
      : `${formatList(ties.map(label))} share the lowest P99 ${latency}, ${seconds(best.p99)}`;
  }
  if (best === base || as(base)) {
    return `No policy has a clearly lower P99 ${latency} than ${label(base)} (${
      seconds(base.p99)
    })`;
  }
  const ties = curves.filter((curve) => curve !== best && as(curve));
  const change = formatChange(best.p99.value / base.p99.value - 1);
  const against = `${seconds(best.p99)}, ${change} against ${label(base)}`;
  return ties.length === 0
    ? `${label(best)} has the lowest P99 ${latency}: ${against}`
    : `${formatList([best, ...ties].map(label))} share the lowest P99 ${latency}: ${against}`;
}

function draw(curves: readonly Curve[], latency: string): Picture {
  const styles = seriesStyles("policy", curves.map(({ policy }) => policy));
  const styleOf = (policy: string) => styles.find(({ name }) => name === policy)!;
  const rows = curves.flatMap((curve) => curve.rows);
  const least = Math.min(...rows.map(({ share }) => share));
  const levels = LEVELS.filter(({ share }) => share >= least * (1 - 1e-9));
  const marks = curves.flatMap(({ policy, rows }) =>
    levels.flatMap(({ share }) => {
      const at = estimateAt(rows, share);
      return at ? [{ policy, share, seconds: at.value }] : [];
    })
  );
  return drawPicture({
    width: WIDTH,
    height: 400,
    marginTop: 30,
    marginLeft: 56,
    marginRight: 52,
    marginBottom: 44,
    x: { zero: true, nice: true },
    y: { type: "log", domain: [least, 1] },
    marks: [
      ...yAxis({
        ticks: [1, 0.1, 0.01, 0.001, 0.0001, 0.00001].filter((share) =>
          share >= least * (1 - 1e-9)
        ),
        tickFormat: formatShareTick,
      }),
      ...xAxis({ label: `${latency}, seconds`, grid: false }),
      Plot.text(["requests slower than this"], {
        frameAnchor: "top-left",
        textAnchor: "start",
        lineAnchor: "bottom",
        dx: -48,
        dy: -12,
        fill: QUIET.light,
      }),
      Plot.ruleY(levels, { y: "share", stroke: QUIET.light, strokeDasharray: "2 3" }),
      Plot.text(levels, {
        y: "share",
        text: "name",
        frameAnchor: "right",
        textAnchor: "start",
        dx: 8,
        fontWeight: 600,
        fill: INK.light,
      }),
      curves.map((curve) => {
        const { colour, dash } = styleOf(curve.policy);
        return [
          Plot.areaX(curve.rows as Row[], {
            y: "share",
            x1: (row: Row) => row.low ?? row.seconds,
            x2: (row: Row) => row.high ?? row.seconds,
            fill: colour,
            fillOpacity: 0.15,
          }),
          Plot.line(curve.rows as Row[], {
            x: "seconds",
            y: "share",
            stroke: colour,
            strokeWidth: 2,
            strokeDasharray: dash,
          }),
        ];
      }),
      styles.map(({ name, colour, symbol }) =>
        Plot.dot(marks.filter(({ policy }) => policy === name), {
          x: "seconds",
          y: "share",
          symbol,
          fill: colour,
          stroke: PAPER.light,
          strokeWidth: 1,
          r: 5,
        })
      ),
    ],
  });
}

/**
 * Tail of a latency per policy: the share of requests slower than x, on a logarithmic scale, with
 * symbols at P50, P90, P99 and P99.9. Columns: `policy`, `share`, `seconds`, and `low`, `high` where
 * there are intervals (of the seconds at that share). The title compares by `difference`,
 * `differenceLow`, `differenceHigh` (seconds above the lowest policy at that share, paired by seed) and
 * claims nothing where a table with intervals has none of them.
 */
export function latencyTail(table: ColumnTable, options: LatencyTailOptions = {}): Figure {
  const { name = "latency-tail", latency = "end-to-end latency" } = options;
  const rows = readRows(name, table, { ...COLUMNS, ...DIFFERENCE_COLUMNS });
  const { baseline = baselinePolicy(rows.map(({ policy }) => policy)) } = options;
  const curves = curvesOf(rows);
  const key = seriesStyles("policy", curves.map(({ policy }) => policy)).map((style) => {
    const { p50, p99 } = curves.find(({ policy }) => policy === style.name)!;
    return {
      ...style,
      label: `${style.label}: P50 ${seconds(p50)}, P99 ${seconds(p99)}`,
    };
  });
  return makeFigure({
    name,
    title: finding(curves, latency, baseline),
    subtitle: subtitleOf({
      setting: options.setting,
      seeds: options.seeds,
      repetitions: options.repetitions,
      intervals: rows.some(({ low }) => low !== null) ? "bands" : "none",
    }),
    alt:
      `Share of requests slower than a given ${latency}, logarithmic, one falling line a policy. ` +
      `${key.map(({ label }) => label).join("; ")}.`,
    table: tableOfRows(rows, COLUMNS),
    pictures: [
      drawKey(key, { width: WIDTH, sample: "line and symbol" }),
      draw(curves, latency),
    ],
  });
}
