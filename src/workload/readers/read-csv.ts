import Papa from "papaparse";
import type { z } from "zod";
import { InputError, type InputProblem } from "../../errors/input-error.ts";
import { type Cell, compileCell } from "./cell.ts";
import { decodeText } from "./decode-text.ts";
import type { ReadLog } from "./read-log.ts";

/** Why a row that is well-formed cell by cell is still refused. */
export type RowProblem = Pick<InputProblem, "field" | "value" | "expected">;

/**
 * What a format does with a row: keeps it (nothing returned), refuses it for a problem between its
 * cells, or sets it aside for a reason.
 */
export type TakeRow<Row> = (row: Row) => RowProblem | { readonly setAside: string } | undefined;

interface Column {
  readonly name: string;
  readonly at: number;
  readonly cell: Cell;
}

/**
 * Reads a CSV file row by row: columns by name in any order, quotes, CRLF, a byte order mark.
 * Rows go to `take`, problems and counts to `log`; the caller ends with `log.finish()`.
 *
 * Throws an InputError for what makes the whole file unreadable, in lenient mode too: no header,
 * a missing or doubled column, quotes that do not close. A cell with a line break is such a case:
 * no column of our formats has one, and a stray quote would swallow rows that nobody counts.
 *
 * @param schema columns of the format; optional ones may be missing from the file
 */
export function readCsv<S extends z.ZodObject>(
  input: Uint8Array | string,
  schema: S,
  { log, take }: { log: ReadLog; take: TakeRow<z.output<S>> },
): void {
  const file = log.source;
  const text = decodeText(input, file);
  const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
  let columns: readonly Column[] | undefined;
  let width = 0;
  let line = 0;

  const readRow = (cells: readonly string[]) => {
    if (cells.length !== width) {
      const expected = `${width} cells, as in the header`;
      return log.refuse([{ file, row: line, value: cells.length, expected }]);
    }
    const row: Record<string, number | string> = {};
    let problems: InputProblem[] | undefined;
    for (const { name, at, cell } of columns!) {
      const value = cell.parse(cells[at]);
      if (value !== undefined) row[name] = value;
      else {
        const { expected } = cell;
        (problems ??= []).push({ file, row: line, field: name, value: cells[at], expected });
      }
    }
    if (problems !== undefined) return log.refuse(problems);
    const verdict = take(row as z.output<S>);
    if (verdict === undefined) log.keep();
    else if ("setAside" in verdict) log.setAside(verdict.setAside);
    else log.refuse([{ file, row: line, ...verdict }]);
  };

  Papa.parse<string[]>(lines, {
    delimiter: ",",
    newline: "\n",
    step: ({ data: cells, errors }) => {
      line++;
      assertOneLine(cells, errors.length > 0, { file, line });
      if (columns === undefined) {
        columns = readHeader(cells, schema, log);
        width = cells.length;
      } else if (cells.length === 1 && cells[0] === "") log.blankLines++;
      else readRow(cells);
    },
  });
  if (columns === undefined) readHeader([""], schema, log);
}

function assertOneLine(
  cells: readonly string[],
  broken: boolean,
  { file, line }: { file: string; line: number },
): void {
  const open = cells.find((cell) => cell.includes("\n"));
  if (!broken && open === undefined) return;
  throw new InputError({
    file,
    row: line,
    value: open ?? cells.at(-1),
    expected: "every quote to close before a comma or the end of its line",
  });
}

function readHeader(cells: readonly string[], schema: z.ZodObject, log: ReadLog): Column[] {
  const file = log.source;
  const names = Object.keys(schema.shape);
  if (cells.length === 1 && cells[0] === "") {
    throw new InputError({
      file,
      row: 1,
      expected: `a header with the columns ${names.join(", ")}: the line is empty`,
    });
  }
  const problems: InputProblem[] = [];
  const columns: Column[] = [];
  for (const name of names) {
    const cell = compileCell(schema.shape[name] as z.ZodType);
    const at = cells.indexOf(name);
    if (at >= 0) columns.push({ name, at, cell });
    const times = cells.filter((other) => other === name).length;
    if (times === 1 || (times === 0 && cell.optional)) continue;
    problems.push({
      file,
      row: 1,
      field: name,
      value: cells.join(","),
      expected: times === 0 ? "a column of this name" : "this column once",
    });
  }
  if (problems.length > 0) throw new InputError(problems);
  log.columnsIgnored.push(...cells.filter((name) => !names.includes(name)));
  return columns;
}
