import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { xAxis, yAxis } from "./draw/axes.ts";
import { drawKey } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { formatList, formatNumber } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK } from "./theme/palette.ts";
import { labelOf, seriesNames, seriesStyles } from "./theme/series.ts";

const COLUMNS = { policy: "text", tier: "text", seconds: "number", depth: "number" } as const;
type Row = RowOf<typeof COLUMNS>;

/** Tiers whose queues empty within this share of the run of each other empty together. */
const TOGETHER = 0.05;
const PANELS_PER_ROW = 3;

interface Drain {
  readonly policy: string;
  /** Tier whose queue is empty for good first, and the one that is last. */
  readonly first: { readonly tier: string; readonly seconds: number };
  readonly last: { readonly tier: string; readonly seconds: number };
}

/**
 * When each tier's queue is empty for good: the first instant after its last waiting request; Infinity
 * where somebody still waits at the end.
 */
function drainOf(rows: readonly Row[], policy: string): Drain {
  const empty = seriesNames("tier", rows.map(({ tier }) => tier)).map((tier) => {
    const queue = rows.filter((row) => row.policy === policy && row.tier === tier);
    const busy = queue.findLastIndex(({ depth }) => depth > 0);
    if (busy < 0) return { tier, seconds: 0 };
    return { tier, seconds: queue[busy + 1]?.seconds ?? Infinity };
  }).toSorted((a, b) => a.seconds - b.seconds);
  return { policy, first: empty[0], last: empty[empty.length - 1] };
}

function finding(drains: readonly Drain[], span: number): string {
  const stuck = drains.find(({ last }) => last.seconds === Infinity);
  if (stuck !== undefined) {
    return `Under ${labelOf("policy", stuck.policy)} requests of the ${
      labelOf("tier", stuck.last.tier)
    } tier still wait at the end of the run`;
  }
  const gap = ({ first, last }: Drain) => last.seconds - first.seconds;
  const widest = drains.reduce((most, drain) => gap(drain) > gap(most) ? drain : most);
  const policy = (drain: Drain) => labelOf("policy", drain.policy);
  const together = drains.filter((drain) => gap(drain) <= TOGETHER * span);
  if (together.length === drains.length) {
    return "The tiers' queues empty together, whatever the policy";
  }
  const { first, last } = widest;
  const apart = `Under ${policy(widest)} the ${labelOf("tier", first.tier)} queue is empty ${
    formatNumber(Math.round(gap(widest)), { unit: "s" })
  } before the ${labelOf("tier", last.tier)} queue`;
  return together.length === 0
    ? `${apart}; no policy empties the tiers' queues together`
    : `${apart}; under ${formatList(together.map(policy))} they empty together`;
}

interface Cell {
  readonly name: string;
  readonly label: string;
  readonly column: number;
  readonly row: number;
}

/** Panels from left to right, then down. */
function panelsOf(rows: readonly Row[]): Cell[] {
  return seriesStyles("policy", rows.map(({ policy }) => policy)).map(({ name, label }, i) => ({
    name,
    label,
    column: i % PANELS_PER_ROW,
    row: Math.floor(i / PANELS_PER_ROW),
  }));
}

function draw(rows: readonly Row[], panels: readonly Cell[]): Picture {
  const tiers = seriesStyles("tier", rows.map(({ tier }) => tier));
  const cell = new Map(panels.map((panel) => [panel.name, panel]));
  const at = {
    fx: ({ policy }: Row) => cell.get(policy)!.column,
    fy: ({ policy }: Row) => cell.get(policy)!.row,
  };
  const [size, gap] = [140, 40];
  const rowCount = Math.max(...panels.map(({ row }) => row)) + 1;
  return drawPicture({
    width: WIDTH,
    height: 26 + rowCount * (size + gap) - gap + 44,
    marginTop: 26,
    marginLeft: 48,
    marginRight: 22,
    marginBottom: 44,
    fx: { axis: null, paddingInner: 0.13, paddingOuter: 0 },
    fy: { axis: null, paddingInner: gap / (size + gap), paddingOuter: 0 },
    x: { domain: [0, Math.max(...rows.map(({ seconds }) => seconds))] },
    y: { zero: true, nice: true },
    marks: [
      ...yAxis({ ticks: 4 }),
      ...xAxis({ label: "seconds since the run's start", grid: false, ticks: 4 }),
      tiers.map(({ name, colour, dash }) =>
        Plot.lineY(rows.filter(({ tier }) => tier === name), {
          ...at,
          x: "seconds",
          y: "depth",
          curve: "step-after",
          stroke: colour,
          strokeWidth: 1.75,
          strokeDasharray: dash,
        })
      ),
      Plot.ruleY([0], { stroke: INK.light }),
      Plot.text(panels as Cell[], {
        fx: "column",
        fy: "row",
        text: "label",
        frameAnchor: "top-left",
        textAnchor: "start",
        lineAnchor: "bottom",
        dy: -9,
        fontSize: 13,
        fontWeight: 600,
        fill: INK.light,
      }),
    ],
  });
}

/** Rows of a step curve that change it: the first, the last, and those next to a change. */
function withoutRepeats(rows: readonly Row[]): Row[] {
  const bySeries = Map.groupBy(rows, ({ policy, tier }) => JSON.stringify([policy, tier]));
  return [...bySeries.values()].flatMap((queue) => {
    const ordered = queue.toSorted((a, b) => a.seconds - b.seconds);
    return ordered.filter(({ depth }, i) =>
      i === 0 || i === ordered.length - 1 || depth !== ordered[i - 1].depth
    );
  });
}

/**
 * Waiting requests per tier over a run, one panel per policy, as step curves. Columns: `policy`,
 * `tier`, `seconds` (since the run's start), `depth` (requests that have arrived and were not handed
 * on).
 */
export function queueDepth(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "queue-depth", setting } = options;
  const rows = withoutRepeats(readRows(name, table, COLUMNS));
  const panels = panelsOf(rows);
  const tiers = seriesStyles("tier", rows.map(({ tier }) => tier));
  const span = Math.max(...rows.map(({ seconds }) => seconds));
  const drains = panels.map((panel) => drainOf(rows, panel.name));
  const emptied = ({ tier, seconds }: Drain["first"]) =>
    `${labelOf("tier", tier)} ${
      seconds === Infinity ? "never" : `after ${formatNumber(Math.round(seconds), { unit: "s" })}`
    }`;
  const told = drains.map(({ policy, first, last }) =>
    `${labelOf("policy", policy)}: ${emptied(first)}, ${emptied(last)}`
  );
  return makeFigure({
    name,
    title: finding(drains, span),
    subtitle: subtitleOf({
      setting,
      shown: "requests waiting, by tier",
      seeds: 1,
      intervals: "none",
    }),
    alt:
      `Step curves of the number of waiting requests over time, one panel a policy, one line a ` +
      `tier (${
        formatList(tiers.map(({ label }) => label))
      }). First and last queue to be empty for ` +
      `good: ${told.join("; ")}.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(tiers, { width: WIDTH, sample: "line" }),
      draw(rows, panels),
    ],
  });
}
