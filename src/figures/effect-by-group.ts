import type { ColumnTable } from "arquero";
import { drawChanges } from "./draw/changes.ts";
import { drawKey } from "./draw/key.ts";
import { WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { refuseImpossibleEffects } from "./tables/possible-effects.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { directionOf } from "./text/finding.ts";
import { formatChange, formatList } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { seriesStyles } from "./theme/series.ts";

const COLUMNS = {
  group: "text",
  variant: "text",
  measure: "text",
  effect: "number",
  low: "number?",
  high: "number?",
  n: "number?",
  baseline: "text?",
} as const;
type Row = RowOf<typeof COLUMNS>;

/** Options of {@link effectByGroup}. */
export interface EffectByGroupOptions extends FigureOptions {
  /** What the intervals are. @default "95 % bootstrap intervals" */
  readonly intervals?: string;
  /** Variant that the title speaks of. @default the last of the table */
  readonly focus?: string;
}

/** Groups that gain and groups that pay, by the first measure. */
function finding(rows: readonly Row[], focus: string, baseline: string): string {
  const [{ measure }] = rows;
  const own = rows.filter((row) => row.variant === focus && row.measure === measure);
  if (own.some((row) => directionOf(row) === null)) {
    return `${measure} by group, ${focus} against ${baseline}`;
  }
  const of = (direction: number) => own.filter((row) => directionOf(row) === direction).length;
  const [gain, pay] = [of(-1), of(1)];
  const extreme = (sign: 1 | -1) => own.reduce((a, b) => sign * b.effect > sign * a.effect ? b : a);
  const told = (row: Row) => `${row.group}: ${formatChange(row.effect)}`;
  const most = gain > 0 ? ` (most ${told(extreme(-1))})` : "";
  const worst = pay > 0 ? ` (most ${told(extreme(1))})` : "";
  return `${measure}, ${focus} against ${baseline}: ${gain} of ${own.length} groups gain${most}, ` +
    `${pay} ${pay === 1 ? "pays" : "pay"}${worst}`;
}

/**
 * Relative change of latencies against a baseline by group of requests, a column a measure, a row a
 * group, a mark a variant with its interval. Columns: `group`, `variant`, `measure`, `effect`, `low`,
 * `high` (−0.4 is 40 % less), `n`, `baseline`; the baseline's own rows are not drawn.
 */
export function effectByGroup(table: ColumnTable, options: EffectByGroupOptions = {}): Figure {
  const { name = "effect-by-group", intervals = "95 % bootstrap intervals" } = options;
  const all = readRows(name, table, COLUMNS);
  refuseImpossibleEffects(name, all);
  const baseline = all[0].baseline ?? "the baseline";
  const rows = all.filter(({ variant }) => variant !== baseline);
  const shown = rows.length > 0 ? rows : all;
  const styles = seriesStyles("policy", shown.map(({ variant }) => variant));
  const { focus = shown[shown.length - 1].variant } = options;
  const bounded = shown.some(({ low }) => low !== null);
  const effects = [...Map.groupBy(shown, ({ measure }) => measure)].map(([measure, of]) =>
    `${measure}: ${
      [...Map.groupBy(of, ({ group }) => group)].map(([group, each]) =>
        `${group} ${
          formatList(each.map(({ variant, effect }) => `${variant} ${formatChange(effect)}`))
        }`
      ).join("; ")
    }`
  );
  return makeFigure({
    name,
    title: finding(shown, focus, baseline),
    subtitle: subtitleOf({
      setting: options.setting,
      shown: `change relative to ${baseline}`,
      seeds: shown[0].n ?? options.seeds,
      repetitions: options.repetitions,
      intervals: "none",
      note: bounded ? `bars: ${intervals}` : undefined,
    }),
    alt: `Change of latencies against ${baseline} by group of requests. ${effects.join(". ")}.`,
    table: tableOfRows(shown, COLUMNS),
    pictures: [
      drawKey(styles, { width: WIDTH, sample: "symbol" }),
      drawChanges(shown, styles),
    ],
  });
}
