import type { ColumnTable } from "arquero";
import { drawKey } from "./draw/key.ts";
import { drawLinePanels, twoStyles } from "./draw/line-panels.ts";
import { WIDTH } from "./draw/picture.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { formatNumber } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";

const COLUMNS = {
  trace: "text",
  hours: "number",
  elapsed: "number",
  requests: "number",
  arrivals: "number",
  answers: "number?",
} as const;
type Row = RowOf<typeof COLUMNS>;

/** Windows of fewer requests have no mean length worth drawing. */
const FEWEST_REQUESTS = 5;
const SERIES = ["arrivals", "mean length of answers"];
const times = (ratio: number) => `${formatNumber(ratio, { decimals: ratio < 10 ? 1 : 0 })}\u00a0×`;

const most = (rows: readonly Row[]) => Math.max(...rows.map(({ arrivals }) => arrivals));
const answersOf = (rows: readonly Row[]) =>
  rows.flatMap(({ answers, requests }) =>
    answers === null || requests < FEWEST_REQUESTS ? [] : [answers]
  );

/** How long a trace is, from the middle of one of its windows. */
function spanOf([{ hours, elapsed }]: readonly Row[]): string {
  const span = hours / elapsed;
  if (span < 1) return `${formatNumber(span * 60, { decimals: 0 })}\u00a0min`;
  return span < 48
    ? `${formatNumber(span, { decimals: 1 })}\u00a0h`
    : `${formatNumber(span / 24, { decimals: 1 })}\u00a0days`;
}

/**
 * Arrivals and the mean length of answers over a trace, a panel a trace, as multiples of the trace's
 * own means; windows of fewer than five requests show no length. Columns: `trace`, `hours`,
 * `elapsed` (share of the trace's span), `requests`, `arrivals`, `answers`.
 */
export function trafficOverTime(table: ColumnTable, options: FigureOptions = {}): Figure {
  const { name = "traffic-over-time", setting } = options;
  const rows = readRows(name, table, COLUMNS);
  const traces = [...Map.groupBy(rows, ({ trace }) => trace)];
  const busiest = traces.toSorted(([, a], [, b]) => most(a) - most(b));
  const [[calm, calmRows], [wild, wildRows]] = [busiest[0], busiest.at(-1)!];
  const ratios = rows.flatMap(({ arrivals }) => arrivals > 0 ? [arrivals] : []);
  const domain = [
    Math.max(0.1, Math.min(0.5, ...ratios, ...answersOf(rows))),
    Math.max(2, ...ratios, ...answersOf(rows)) * 1.1,
  ] as const;
  const windows = Math.max(...traces.map(([, of]) => of.length));
  const drift = (of: readonly Row[]) => {
    const answers = answersOf(of);
    return answers.length === 0
      ? "answers unknown"
      : `answers ${times(Math.min(...answers))} to ${times(Math.max(...answers))}`;
  };
  return makeFigure({
    name,
    title: calm === wild
      ? `The busiest window of ${wild} brings ${times(most(wildRows))} the mean traffic`
      : `The busiest window brings from ${times(most(calmRows))} (${calm}) to ${
        times(most(wildRows))
      } (${wild}) a trace's mean traffic`,
    subtitle: subtitleOf({
      setting,
      shown: `${windows} windows a trace, multiples of its own mean`,
      intervals: "none",
      note: `no length for windows of fewer than ${FEWEST_REQUESTS} requests`,
    }),
    alt: `Lines of arrivals and of the mean length of answers over the trace, a panel a trace, ` +
      `multiples of the trace's mean. ${
        traces.map(([trace, of]) =>
          `${trace} (${spanOf(of)}): arrivals up to ${times(most(of))}, ${drift(of)}`
        ).join("; ")
      }.`,
    table: tableOfRows(rows),
    pictures: [
      drawKey(twoStyles(SERIES), { width: WIDTH, sample: "line" }),
      drawLinePanels(
        traces.map(([trace, of]) => ({
          title: trace,
          note: `${spanOf(of)}; ${drift(of)}`,
          lines: [
            // A logarithmic axis has no 0: an empty window lies on its floor.
            of.map(({ elapsed, arrivals }) => ({ x: elapsed, y: Math.max(domain[0], arrivals) })),
            of.map(({ elapsed, answers, requests }) => ({
              x: elapsed,
              y: requests < FEWEST_REQUESTS ? null : answers,
            })),
          ],
        })),
        {
          x: {
            ...{ label: "share of the trace's span, %", type: "linear", domain: [0, 1] },
            ...{ ticks: [0, 0.5, 1], tickFormat: (share) => String(share * 100) },
          },
          y: {
            ...{ label: "multiple of the trace's mean", type: "log", domain },
            ticks: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50].filter((tick) =>
              tick >= domain[0] && tick <= domain[1]
            ),
            tickFormat: (tick) => `${tick}\u00a0×`,
          },
          rule: 1,
        },
      ),
    ],
  });
}
