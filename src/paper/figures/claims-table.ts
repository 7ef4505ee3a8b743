import { h } from "hastscript";
import { toHtml } from "hast-util-to-html";
import type { LedgerEntry } from "../claims/ledger.ts";
import { DISPLAY, type Displayable } from "../../figures/display.ts";
import { TABLE_STYLE } from "../../figures/tables/html-table.ts";
import { formatChange, formatList, formatNumber } from "../../figures/text/format.ts";

/** What a claim's line in the table is made of; an entry of the ledger has it all. */
export type ClaimRow = Pick<
  LedgerEntry,
  "id" | "title" | "scale" | "paper" | "effect" | "low" | "high" | "ratio" | "verdict" | "n"
>;

/** Options of {@link claimsTable}. */
export interface ClaimsTableOptions {
  /** @default the count of each verdict */
  readonly caption?: string;
}

const SYMBOLS: Readonly<Record<LedgerEntry["verdict"], string>> = {
  "reproduced": "✓",
  "not reproduced": "✗",
  "undecided": "?",
};
/** No-break space: an interval and a verdict stay on one line. */
const NBSP = "\u00a0";
const HEADS = [
  "Claim",
  "Paper",
  "Here",
  `95${NBSP}%${NBSP}interval`,
  "Here / paper",
  "Verdict",
] as const;
const NOTHING = "–";

function shown(value: number | null, { scale }: ClaimRow): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  if (scale === "relative") return formatChange(value);
  return `${value > 0 ? "+" : ""}${formatNumber(value, { decimals: 3 })}`;
}

function cellsOf(row: ClaimRow): [claim: string, ...numbers: string[]] {
  const { id, title, paper, effect, low, high, ratio, verdict } = row;
  return [
    `${id} ${title}`,
    shown(paper, row),
    shown(effect, row),
    Number.isFinite(low) && Number.isFinite(high)
      ? `${shown(low, row)}${NBSP}to${NBSP}${shown(high, row)}`
      : NOTHING,
    ratio === null || !Number.isFinite(ratio) ? NOTHING : formatNumber(ratio, { decimals: 2 }),
    `${SYMBOLS[verdict]}${NBSP}${verdict.replace(" ", NBSP)}`,
  ];
}

function countVerdicts(rows: readonly ClaimRow[]): string {
  const of = Map.groupBy(rows, ({ verdict }) => verdict);
  const counts = (Object.keys(SYMBOLS) as LedgerEntry["verdict"][])
    .filter((verdict) => of.has(verdict))
    .map((verdict) => `${of.get(verdict)!.length} ${verdict}`);
  return `The paper's claims: ${formatList(counts)} of ${rows.length}`;
}

/**
 * The claims and their verdicts as a table: a word and a symbol for each verdict, the paper's number
 * beside the one found here. The plain text is the same table for a terminal. Source of the claims:
 * driftsched reference, "What it claims".
 */
export function claimsTable(
  rows: readonly ClaimRow[],
  { caption = countVerdicts(rows) }: ClaimsTableOptions = {},
): Displayable {
  const cells = rows.map(cellsOf);
  const numeric = (column: number) =>
    column > 0 && column < HEADS.length - 1 ? { class: "number" } : {};
  const html = toHtml([
    h("style", TABLE_STYLE),
    h("table.ds-table", [
      h("caption", caption),
      h("thead", h("tr", HEADS.map((head, i) => h("th", { scope: "col", ...numeric(i) }, head)))),
      h(
        "tbody",
        cells.map(([claim, ...others]) =>
          h("tr", [
            h("th", { scope: "row" }, claim),
            ...others.map((text, i) => h("td", numeric(i + 1), text)),
          ])
        ),
      ),
    ]),
  ]);
  return {
    [DISPLAY]: () => ({ "text/html": html, "text/plain": plainTable(caption, cells) }),
  };
}

/** The same table in columns of characters. */
function plainTable(caption: string, cells: readonly (readonly string[])[]): string {
  const lines = [HEADS, ...cells];
  const widths = HEADS.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const text = lines.map((line) =>
    line.map((cell, i) =>
      i === 0 || i === HEADS.length - 1 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])
    ).join("  ").trimEnd()
  );
  return [caption, ...text].join("\n");
}
