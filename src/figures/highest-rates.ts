import * as Plot from "@observablehq/plot";
import type { ColumnTable } from "arquero";
import { drawKey, type KeyItem } from "./draw/key.ts";
import { drawPicture, type Picture, WIDTH } from "./draw/picture.ts";
import { rowLabels, rowLabelsWidth } from "./draw/row-labels.ts";
import { type Figure, type FigureOptions, makeFigure } from "./figure.ts";
import { readRows, type RowOf, tableOfRows } from "./tables/rows.ts";
import { formatNumber } from "./text/format.ts";
import { subtitleOf } from "./text/subtitle.ts";
import { DIVERGING, HAIR, INK, PAPER, QUIET } from "./theme/palette.ts";

const COLUMNS = {
  card: "text",
  model: "text",
  rate: "number?",
  rateLow: "number?",
  rateHigh: "number?",
  limit: "text?",
  basis: "text?",
} as const;
type Row = RowOf<typeof COLUMNS>;

/** Options of {@link highestRates}. */
export interface HighestRatesOptions extends FigureOptions {
  /** What is promised, in words: `TTFT P99 ≤ 1 s`. */
  readonly promises?: string;
  /** What the range in a cell is. @default "90 % interval" */
  readonly intervals?: string;
}

/** Requests a second from which a deeper step is taken. */
const STEPS = [1, 4, 16] as const;
const CELL = { height: 46, inset: 1 } as const;

/** 0: nothing is kept. */
const stepOf = (rate: number) =>
  rate === 0 ? DIVERGING[5] : DIVERGING[3 - STEPS.filter((bound) => rate >= bound).length];

const short = (value: number) =>
  value === 0 ? "0" : formatNumber(value, { decimals: value >= 9.95 ? 0 : value >= 0.995 ? 1 : 2 });

/** What a cell says: its rate, and how sure that is. */
function wordsOf({ rate, rateLow, rateHigh, basis, limit }: Row): readonly [string, string] {
  if (rate === null) return ["", limit ?? "not known"];
  const mark = basis === "assumed" ? "*" : "";
  const head = rate === 0 ? "none" : `${short(rate)}${mark}`;
  if (rateLow === null || rateHigh === null) return [head, ""];
  return [head, rate === 0 && rateHigh === 0 ? "" : `${short(rateLow)} to ${short(rateHigh)}`];
}

function draw(rows: readonly Row[]): Picture {
  const cards = [...new Set(rows.map(({ card }) => card))];
  const models = [...new Set(rows.map(({ model }) => model))];
  const labels = models.map((name) => ({ name, label: name }));
  const marginLeft = rowLabelsWidth(labels);
  const at = { x: "card", y: "model" } as const;
  const textOf = (row: Row) => row.rate === null ? QUIET.light : stepOf(row.rate).text.light;
  const known = rows.filter(({ rate }) => rate !== null);
  const unknown = rows.filter(({ rate }) => rate === null);
  // A text's colour is one of the mark, not of the row, where all rows have the same.
  const byColour = [...Map.groupBy(rows, textOf)];
  return drawPicture({
    width: WIDTH,
    height: 30 + models.length * CELL.height + 4,
    ...{ marginTop: 30, marginBottom: 4, marginLeft, marginRight: 2 },
    x: { type: "band", domain: cards, padding: 0, axis: null },
    y: { type: "band", domain: models, padding: 0 },
    marks: [
      Plot.cell(known, {
        ...at,
        inset: CELL.inset,
        fill: (row: Row) => stepOf(row.rate!).ground.light,
      }),
      Plot.cell(unknown, {
        ...at,
        inset: CELL.inset,
        ...{ fill: PAPER.light, stroke: HAIR.light },
      }),
      rowLabels(labels),
      Plot.text(cards, {
        ...{ x: (card: string) => card, text: (card: string) => card, frameAnchor: "top" },
        ...{ lineAnchor: "bottom", dy: -8, fontSize: 12, fontWeight: 600, fill: INK.light },
      }),
      byColour.flatMap(([fill, of]) => [
        Plot.text(of.filter(({ rate }) => rate !== null), {
          ...at,
          text: (row: Row) => wordsOf(row)[0],
          dy: -7,
          ...{ fill, fontSize: 14, fontWeight: 600 },
        }),
        Plot.text(of, {
          ...at,
          text: (row: Row) => wordsOf(row)[1],
          dy: of[0].rate === null ? 0 : 10,
          ...{ fill, fontSize: 11.5 },
        }),
      ]),
    ],
  });
}

function keyItems(rows: readonly Row[]): KeyItem[] {
  const item = (label: string, rate: number): KeyItem => ({
    ...{ dash: "none", symbol: "square", label },
    colour: stepOf(rate).ground.light,
  });
  const named = [
    { label: "no rate", rate: 0 },
    { label: `below ${STEPS[0]} a second`, rate: STEPS[0] / 2 },
    ...STEPS.map((from, i) => ({
      label: i + 1 < STEPS.length ? `${from} to ${STEPS[i + 1]}` : `${from} or more`,
      rate: from,
    })),
  ];
  const used = new Set(rows.flatMap(({ rate }) => rate === null ? [] : [stepOf(rate)]));
  return named.filter(({ rate }) => used.has(stepOf(rate)))
    .map(({ label, rate }) => item(label, rate));
}

function finding(rows: readonly Row[]): string {
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  const servers = `Of ${count(rows.length, "server", "servers")}`;
  const known = rows.filter(({ rate }) => rate !== null);
  const missing = rows.length - known.length;
  const fit = missing === 0 ? "" : ` and ${count(missing, "does not fit", "do not fit")}`;
  const kept = known.filter(({ rate }) => rate! > 0);
  if (kept.length === 0) return `${servers}, none keeps the promises${fit}`;
  const best = kept.reduce((a, b) => b.rate! > a.rate! ? b : a);
  const doubtful = kept.filter(({ rateLow }) => rateLow === 0).length;
  const perhaps = doubtful === 0 ? "" : ` (${doubtful} perhaps not)`;
  return `${servers}, ${count(kept.length, "keeps", "keep")} the promises at some rate${perhaps}` +
    `${fit}; the highest is ${short(best.rate!)} requests a second, ${best.model} on ${best.card}`;
}

/**
 * Highest rate at which a model on a card keeps its promises, a column a card, a row a model, with the
 * interval in which it may lie; a star where a ceiling of the card is assumed. Columns: `card`, `model`,
 * `rate`, `rateLow`, `rateHigh` (requests a second; 0: no rate; null: there is no such server, and
 * `limit` says why), `limit` (the promise that a higher rate breaks), `basis` (`measured`, `assumed`).
 */
export function highestRates(table: ColumnTable, options: HighestRatesOptions = {}): Figure {
  const { name = "highest-rates", promises, intervals = "90 % interval" } = options;
  const rows = readRows(name, table, COLUMNS);
  const bounded = rows.some(({ rateLow }) => rateLow !== null);
  const assumed = rows.some(({ basis }) => basis === "assumed");
  return makeFigure({
    name,
    title: finding(rows),
    subtitle: subtitleOf({
      setting: options.setting,
      shown: `requests a second${promises === undefined ? "" : ` at which ${promises}`}`,
      intervals: "none",
      note: [
        bounded ? `below a rate: its ${intervals}` : "",
        assumed ? "* a ceiling of the card is assumed" : "",
      ].filter((part) => part !== "").join("; "),
    }),
    alt: `Grid of models and cards with the highest rate kept, requests a second: ${
      rows.map((row) => `${row.model} on ${row.card} ${wordsOf(row).filter(Boolean).join(", ")}`)
        .join("; ")
    }.`,
    table: tableOfRows(rows),
    pictures: [drawKey(keyItems(rows), { width: WIDTH, sample: "area" }), draw(rows)],
  });
}
