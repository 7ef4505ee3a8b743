import { withoutFormula } from "./formula.ts";

/** A cell: text, a number, or nothing. */
export type CsvCell = string | number | null;

/** Most characters gathered before they become one string. */
const CHUNK = 1 << 16;

/**
 * A CSV text: RFC 4180 quoting, lines end in LF, one at the end of the file. Numbers have every
 * digit that reads back as the same double and are nothing where they are NaN; text that a
 * spreadsheet would run is made inert (see `withoutFormula`), column names too.
 *
 * @param header names of the columns
 * @param rows as many cells each as there are names
 */
export function writeCsv(header: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  return [...csvChunks(header, rows)].join("");
}

/** {@link writeCsv} in pieces of some 64 KiB, for files that are written as they are made. */
export function* csvChunks(
  header: readonly string[],
  rows: Iterable<readonly CsvCell[]>,
): Generator<string> {
  let text = line(header);
  for (const row of rows) {
    text += line(row);
    if (text.length < CHUNK) continue;
    yield text;
    text = "";
  }
  yield text;
}

function line(cells: readonly CsvCell[]): string {
  // An empty line would be none.
  if (cells.length === 1 && (cells[0] === "" || cells[0] === null)) return '""\n';
  let text = "";
  for (let at = 0; at < cells.length; at++) {
    if (at > 0) text += ",";
    text += cellText(cells[at]);
  }
  return `${text}\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "string") return quoted(withoutFormula(cell));
  if (Number.isNaN(cell)) return "";
  return Object.is(cell, -0) ? "-0" : String(cell);
}

function quoted(text: string): string {
  // A byte order mark at the start of a file would be taken for the file's own.
  return /[",\r\n]|^\ufeff/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
