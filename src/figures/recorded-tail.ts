import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { baselinePolicy } from "../analysis/baseline-policy.ts";
import { xAxis, yAxis } from "./draw/axes.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { atShare } from "./draw/tail-curve.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { formatChange, formatNumber, formatShareTick } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK, PAPER, QUIET } from "./theme/palette.ts";
import { labelOf, type SeriesStyle, seriesStyles } from "./theme/series.ts";

const COLUMNS = { policy: "text", source: "text", share: "number", seconds: "number" } as const;
type Row = RowOf<typeof COLUMNS>;

/** Options of {@link recordedTail}. */
export interface RecordedTailOptions extends FigureOptions {
  /** Policy that the others are compared with. @default the first, see `baselinePolicy` */
  readonly baseline?: string;
}

const LEVELS = [{ name: "P50", share: 0.5 }, { name: "P90", share: 0.1 }, {
  name: "P99",
  share: 0.01,
}] as const;

interface Curve {
  readonly policy: string;
  readonly source: string;
  /** Falling share. */
  readonly rows: readonly Row[];
}

function curvesOf(rows: readonly Row[]): Curve[] {
  return [...Map.groupBy(rows, ({ policy, source }) => JSON.stringify([policy, source])).values()]
    .map((of) => ({
      policy: of[0].policy,
      source: of[0].source,
      rows: of.filter(({ share }) => share > 0).toSorted((a, b) => b.share - a.share),
    }));
}

/** Latency that the share of requests exceeds; beyond the curve's end its last one. */
function latencyAt({ rows }: Curve, share: number): number {
  return atShare(rows, share)?.(({ seconds }) => seconds) ?? rows[rows.length - 1].seconds;
}

function finding(curves: readonly Curve[], baseline: string): string {
  const sources = [...new Set(curves.map(({ source }) => source))];
  const of = (policy: string, source: string) =>
    curves.find((curve) => curve.policy === policy && curve.source === source);
  const others = [...new Set(curves.map(({ policy }) => policy))].filter((policy) =>
    policy !== baseline && sources.every((source) => of(policy, source) && of(baseline, source))
  );
  if (others.length === 0) return "End-to-end latency, measured and simulated";
  const [policy] = others;
  const changes = sources.map((source) => {
    const [ours, base] = [of(policy, source)!, of(baseline, source)!];
    const change = (share: number) =>
      formatChange(latencyAt(ours, share) / latencyAt(base, share) - 1);
    return `${change(0.5)} and ${change(0.01)} ${source}`;
  });
  return `In one run each, ${labelOf("policy", policy)} changes the median and P99 of ${
    labelOf("policy", baseline)
  } by ${changes.join(", by ")}`;
}

function draw(curves: readonly Curve[], styles: readonly SeriesStyle[]): Picture {
  const rows = curves.flatMap((curve) => curve.rows);
  const least = Math.min(...rows.map(({ share }) => share));
  const levels = LEVELS.filter(({ share }) => share >= least);
  return drawPicture({
    width: WIDTH,
    height: 360,
    marginTop: 30,
    marginLeft: 56,
    marginRight: 44,
    marginBottom: 44,
    x: { zero: true, nice: true },
    y: { type: "log", domain: [least, 1] },
    marks: [
      ...yAxis({
        ticks: [1, 0.1, 0.01, 0.001].filter((share) => share >= least * (1 - 1e-9)),
        tickFormat: formatShareTick,
      }),
      ...xAxis({ label: "end-to-end latency, seconds", grid: false }),
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
      curves.map(({ policy, source, rows: of }) => {
        const { colour } = styles.find(({ name }) => name === policy)!;
        return Plot.line(of as Row[], {
          x: "seconds",
          y: "share",
          stroke: colour,
          strokeWidth: source === "measured" ? 2.5 : 1.75,
          strokeDasharray: source === "measured" ? "none" : "5 3",
        });
      }),
      curves.map((curve) => {
        const { colour, symbol } = styles.find(({ name }) => name === curve.policy)!;
        const marks = levels.map(({ share }) => ({ share, seconds: latencyAt(curve, share) }));
        return Plot.dot(marks, {
          x: "seconds",
          y: "share",
          symbol,
          fill: curve.source === "measured" ? colour : PAPER.light,
          stroke: curve.source === "measured" ? PAPER.light : colour,
          strokeWidth: curve.source === "measured" ? 1 : 1.75,
          r: 4.5,
        });
      }),
    ],
  });
}

/**
 * Tails of end-to-end latency by policy, measured (solid, filled symbols) and simulated (dashed, open
 * symbols): the share of requests slower than x on a logarithmic scale. Columns: `policy`, `source`
 * (`measured`, `simulated`), `share`, `seconds`.
 */
export function recordedTail(table: ColumnTable, options: RecordedTailOptions = {}): Figure {
  const { name = "recorded-tail" } = options;
  const rows = readRows(name, table, COLUMNS);
  const { baseline = baselinePolicy(rows.map(({ policy }) => policy)) } = options;
  const curves = curvesOf(rows);
  const styles = seriesStyles("policy", rows.map(({ policy }) => policy));
  const seconds = (value: number) => formatNumber(value, { unit: "s" });
  const key = curves.map((curve) => {
    const style = styles.find((each) => each.name === curve.policy)!;
    return {
      ...style,
      dash: curve.source === "measured" ? "none" : "5 3",
      label: `${style.label}, ${curve.source}: P50 ${seconds(latencyAt(curve, 0.5))}, P99 ${
        seconds(latencyAt(curve, 0.01))
      }`,
    };
  });
  return makeFigure({
    name,
    title: finding(curves, baseline),
    subtitle: subtitleOf({
      setting: options.setting,
      intervals: "none",
      note: "solid: measured; dashed: simulated",
    }),
    alt: `Share of requests slower than a given end-to-end latency, logarithmic, measured and ` +
      `simulated. ${key.map(({ label }) => label).join("; ")}.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(key, { width: WIDTH, sample: "line and symbol" }),
      draw(curves, styles),
    ],
  });
}
