import type { ColumnTable } from "arquero";
import { drawKey } from "./draw/key.ts";
import { decades, drawLinePanels, twoStyles } from "./draw/line-panels.ts";
import { WIDTH } from "./draw/picture.ts";
import { atShare } from "./draw/tail-curve.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { directionOf } from "./text/finding.ts";
import {
  formatChange,
  formatList,
  formatNumber,
  formatPercent,
  formatShareTick,
} from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";

const COLUMNS = {
  setting: "text",
  variant: "text",
  share: "number",
  seconds: "number",
} as const;
type Row = RowOf<typeof COLUMNS>;

const EFFECT_COLUMNS = {
  setting: "text",
  variant: "text",
  measure: "text",
  effect: "number?",
  low: "number?",
  high: "number?",
} as const;
type Effect = RowOf<typeof EFFECT_COLUMNS>;

/** Options of {@link firstTokenTails}. */
export interface FirstTokenTailsOptions extends FigureOptions {
  /** Variant that is compared with. @default the last of the table */
  readonly baseline?: string;
  /**
   * How the variants differ from the baseline, as the analysis `variantEffects` finds it; the title
   * speaks of its TTFT P50 and P99. @default the title claims nothing
   */
  readonly effects?: ColumnTable;
}

const TOLD = [["TTFT P50", "median TTFT"], ["TTFT P99", "P99"]] as const;
/** Shorter waits than this are drawn at the edge, seconds. */
const LEAST_SECONDS = 0.01;

function secondsAt(rows: readonly Row[], share: number): number {
  return atShare(rows, share)?.(({ seconds }) => seconds) ?? rows[rows.length - 1].seconds;
}

/** `by 31 % to 44 %`; one number where both are the same. */
function span(changes: readonly number[]): string {
  const sizes = changes.map(Math.abs);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)].map(formatPercent);
  return least === most ? `by ${least}` : `by ${least} to ${most}`;
}

function finding(effects: readonly Effect[], variant: string, baseline: string): string {
  let verb = "";
  const parts = TOLD.map(([measure, said]) => {
    const own = effects.filter((row) => row.variant === variant && row.measure === measure);
    const directions = own.map(directionOf);
    const changes = own.map(({ effect }) => effect ?? NaN);
    if (own.length === 0 || directions.includes(null) || changes.some(Number.isNaN)) return null;
    const before = verb;
    const all = (direction: number) => directions.every((each) => each === direction);
    verb = all(-1) ? "lowers" : all(1) ? "raises" : "changes";
    const clear = directions.filter((each) => each !== 0).length;
    const size = verb === "changes"
      ? `clearly in ${clear} of ${own.length} settings`
      : span(changes);
    return `${verb === before ? "" : `${verb} `}the ${said} ${size}`;
  });
  return parts.includes(null)
    ? `TTFT, ${variant} against ${baseline}`
    : `Against ${baseline}, ${variant} ${formatList(parts as string[])}`;
}

/**
 * Share of requests that wait longer than x for their first token, a panel a setting, both axes
 * logarithmic: a variant solid, the baseline dashed. Columns: `setting`, `variant`, `share`,
 * `seconds`.
 */
export function firstTokenTails(table: ColumnTable, options: FirstTokenTailsOptions = {}): Figure {
  const { name = "first-token-tails", setting } = options;
  const rows = readRows(name, table, COLUMNS);
  const variants = [...new Set(rows.map(({ variant }) => variant))];
  const { baseline = variants[variants.length - 1] } = options;
  const variant = variants.find((each) => each !== baseline) ?? baseline;
  const shown = variant === baseline ? [baseline] : [variant, baseline];
  const panels = [...Map.groupBy(rows, (row) => row.setting)].map(([title, of]) => ({
    title,
    lines: shown.map((each) =>
      of.filter((row) => row.variant === each && row.share > 0)
        .toSorted((a, b) => b.share - a.share)
    ),
  }));
  const least = Math.min(...rows.map(({ share }) => share).filter((share) => share > 0));
  const seconds = rows.map((row) => Math.max(LEAST_SECONDS, row.seconds));
  const x = [Math.min(...seconds), Math.max(...seconds) * 1.1] as const;
  const y = [least, 1] as const;
  const told = (of: readonly Row[]) =>
    of.length === 0
      ? "–"
      : [0.5, 0.01].map((share) => formatNumber(secondsAt(of, share), { unit: "s" })).join(" / ");
  const effects = options.effects === undefined
    ? []
    : readRows(`${name}, effects`, options.effects, EFFECT_COLUMNS);
  return makeFigure({
    name,
    title: finding(effects, variant, baseline),
    subtitle: subtitleOf({
      setting,
      shown: "share of requests that wait longer for the first token",
      intervals: "none",
      note: [
        ...(options.seeds === undefined
          ? []
          : [`${formatNumber(options.seeds)} ${options.repetitions ?? "seeds"} pooled`]),
        `above a panel: P50 / P99 of ${shown.join("; of ")}`,
      ].join("; "),
    }),
    alt:
      `Falling lines of the share of requests whose TTFT is longer than x, logarithmic, a panel ` +
      `a setting, P50 / P99: ${
        panels.map(({ title, lines }) =>
          `${title}: ${formatList(lines.map((of, i) => `${shown[i]} ${told(of)}`))}`
        ).join("; ")
      }.${
        effects.length === 0
          ? ""
          : ` Changes: ${
            effects.filter((row) => row.variant === variant && row.effect !== null)
              .map((row) =>
                `${row.setting} ${row.measure} ${formatChange(row.effect!)}`
              ).join("; ")
          }.`
      }`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(twoStyles(shown), { width: WIDTH, sample: "line" }),
      drawLinePanels(
        panels.map(({ title, lines }) => ({
          title,
          note: lines.map(told).join("; "),
          lines: lines.map((of) =>
            of.map((row) => ({ x: Math.max(LEAST_SECONDS, row.seconds), y: row.share }))
          ),
        })),
        {
          x: {
            ...{ label: "TTFT, seconds", type: "log", domain: x, ticks: decades(x) },
            tickFormat: (tick) => formatNumber(tick),
          },
          y: {
            ...{ label: "requests that wait longer", type: "log", domain: y, ticks: decades(y) },
            tickFormat: formatShareTick,
          },
        },
      ),
    ],
  });
}
