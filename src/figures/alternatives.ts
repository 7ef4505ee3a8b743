import type { ColumnTable } from "arquero";
import { drawChanges } from "./draw/changes.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { refuseImpossibleEffects } from "./tables/possible-effects.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { directionOf } from "./text/finding.ts";
import { formatChange, formatList } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { INK } from "./theme/palette.ts";
import type { SeriesStyle } from "./theme/series.ts";

const COLUMNS = {
  group: "text",
  measure: "text",
  effect: "number",
  low: "number?",
  high: "number?",
  n: "number?",
  baseline: "text?",
} as const;
type Row = RowOf<typeof COLUMNS>;

/** Options of {@link alternatives}. */
export interface AlternativesOptions extends FigureOptions {
  /** What the intervals are. @default "95 % bootstrap intervals" */
  readonly intervals?: string;
}

/** Which alternative lowers the first measure most, and what it does to the others. */
function finding(rows: readonly Row[]): string {
  const [{ measure: first }] = rows;
  const lowered = rows.filter((row) => row.measure === first && directionOf(row) === -1);
  if (lowered.length === 0) return `No alternative lowers the ${first} for sure`;
  const best = lowered.reduce((a, b) => b.effect < a.effect ? b : a);
  const [one, ...others] = rows.filter(({ group }) => group === best.group).map((row) =>
    `${row.measure} ${formatChange(row.effect)}${directionOf(row) === 0 ? " (open)" : ""}`
  );
  const rest = others.length > 0 ? `; ${formatList(others)}` : "";
  return `The ${first} falls most under “${best.group}”: ${one.slice(first.length + 1)}${rest}`;
}

/** Changes beyond these are drawn at the edge: a wait of nearly nothing may become many times as long. */
const BOUNDS = [-0.95, 9] as const;
const STYLE: SeriesStyle = {
  ...{ name: "", label: "", colour: INK.light, dash: "none", symbol: "circle" },
};

/**
 * Alternatives to a baseline, each with the relative change of some measures: a column a measure, a row
 * an alternative. Columns: `group` (the alternative), `measure`, `effect`, `low`, `high` (−0.4 is 40 %
 * less), `n` (draws), `baseline`.
 */
export function alternatives(table: ColumnTable, options: AlternativesOptions = {}): Figure {
  const { name = "alternatives", intervals = "95 % bootstrap intervals" } = options;
  const rows = readRows(name, table, COLUMNS);
  refuseImpossibleEffects(name, rows);
  const baseline = rows[0].baseline ?? "the baseline";
  const drawn = rows.map((row) => ({ ...row, variant: "" }));
  const groups = [...Map.groupBy(rows, ({ group }) => group)].map(([group, of]) =>
    `${group}: ${of.map(({ measure, effect }) => `${measure} ${formatChange(effect)}`).join(", ")}`
  );
  const cut = rows.some(({ effect, low, high }) =>
    [effect, low ?? effect, high ?? effect].some((each) => each < BOUNDS[0] || each > BOUNDS[1])
  );
  const said = BOUNDS.map(formatChange).join(" and ");
  return makeFigure({
    name,
    title: finding(rows),
    subtitle: subtitleOf({
      setting: options.setting,
      shown: `change relative to ${baseline}`,
      intervals: "none",
      note: `bars: ${intervals} from ${rows[0].n ?? "several"} draws${
        cut ? `, cut at ${said}` : ""
      }`,
    }),
    alt: `Change of latencies against ${baseline} by alternative. ${groups.join(". ")}.`,
    table: tableOfRows(rows, COLUMNS),
    pictures: [drawChanges(drawn, [STYLE], { bounds: BOUNDS })],
  });
}
