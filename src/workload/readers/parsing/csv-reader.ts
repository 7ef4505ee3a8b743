import Papa from "papaparse";
import type * as z from "zod";
import { InputError, type InputProblem } from "../../../errors/input-error.ts";
import { type Cell, compileCell } from "./cell.ts";
import { DecimalCommas, hasComma } from "./decimal-commas.ts";
import { decodeLine } from "./decode-line.ts";
import { delimiterOf } from "./delimiter.ts";
import { parseInstant } from "./instant.ts";
import { LineBlocks, lineEnd } from "./line-blocks.ts";
import { NameDictionary, nextHash } from "./name-dictionary.ts";
import type { ReadLog } from "../read-log.ts";
import type { RowVerdict } from "./row-verdict.ts";
import type { TimeColumn } from "./time-column.ts";

/** Options of a {@link CsvReader}. */
export interface CsvOptions {
  readonly log: ReadLog;
  /**
   * Gets a row as numbers, one a column of the schema in the schema's order (see {@link positions}):
   * numbers as they are, instants in ticks, times as their `TimeColumn` has them, texts as codes of
   * {@link CsvReader.names}, -1 for an empty text; NaN where the file lacks an optional column, or a
   * cell that may be blank says nothing. The array is the same for every row.
   */
  take(values: Float64Array): RowVerdict;
  /** Columns of a file without a header, in order. */
  readonly header?: readonly string[];
  /**
   * What stands before the fraction of a number. A decimal comma takes the careful way. Absent: a point,
   * or a comma where the file shows that it is one, see `DecimalCommas`.
   */
  readonly decimal?: "point" | "comma";
  /** Never takes the short way: for tests that it makes no difference, and to measure it. */
  readonly careful?: boolean;
}

interface Column {
  readonly name: string;
  /** Place in the schema, and so in the values. */
  readonly slot: number;
  readonly cell: Cell;
  readonly dictionary: NameDictionary;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const APOSTROPHE = 39;
const ZERO = 48;
const MINUS = 45;
const POINT = 46;
/** Digits of which any number is a double exactly. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, n) => 10 ** n);

const COMMA_HINT = "; a decimal comma is read with --option decimal=comma";

/** Places of a schema's columns in the values of a row. */
export function positions<S extends z.ZodObject>(
  schema: S,
): { readonly [K in keyof S["shape"]]: number } {
  const places = Object.keys(schema.shape).map((name, slot) => [name, slot]);
  return Object.fromEntries(places) as { [K in keyof S["shape"]]: number };
}

/**
 * Reads a CSV file in chunks: columns by name in any order, between commas, semicolons or tabs (see
 * `delimiterOf`), quotes, LF, CR or CR LF, byte order marks. Whole numbers may be written as `472.0`.
 * Bytes become numbers without strings or objects between; a row with quotes in quotes, a character
 * beyond ASCII or a cell that is not plainly good goes the careful way, through Papa Parse and the
 * cells of `compileCell`, which decides. Both ways give the same values, problems and counts.
 *
 * Throws an InputError for what makes the whole file unreadable, in lenient mode too: no header, a
 * missing or doubled column, bytes that are no UTF-8, quotes that do not close. A cell with a line
 * break is such a case: no column of our formats has one, and a stray quote would swallow rows that
 * nobody counts.
 */
export class CsvReader {
  readonly #log: ReadLog;
  readonly #careful: boolean;
  readonly #decimal: CsvOptions["decimal"];
  readonly #commas: DecimalCommas;
  readonly #take: CsvOptions["take"];
  readonly #schema: z.ZodObject;
  readonly #columns: readonly Column[];
  /** By place in the file; undefined for columns that are not of the schema. */
  #inFile: readonly (Column | undefined)[] | undefined;
  readonly #times: readonly TimeColumn[];
  readonly #values: Float64Array;
  readonly #blocks: LineBlocks;
  /** What stands between cells, and its byte. */
  #delimiter = ",";
  #separator = 44;
  #row = 0;
  /** Row of a number with a point; 0 before there is one. */
  #pointRow = 0;

  /** @param schema columns of the format; optional ones may be missing from the file */
  constructor(schema: z.ZodObject, { log, take, header, decimal, careful = false }: CsvOptions) {
    this.#log = log;
    this.#take = take;
    this.#decimal = decimal;
    this.#commas = new DecimalCommas(log);
    this.#careful = careful || decimal === "comma";
    this.#schema = schema;
    this.#columns = compiled(schema);
    this.#times = this.#columns.flatMap(({ cell }) => cell.times ?? []);
    this.#values = new Float64Array(this.#columns.length).fill(NaN);
    this.#blocks = new LineBlocks(
      log.source,
      (bytes, start, end) => this.#read(bytes, start, end),
      () => this.#row,
    );
    if (header !== undefined) this.#inFile = this.#header(header);
  }

  /** Line of the row that is given. */
  get row(): number {
    return this.#row;
  }

  /** Names of a text column by code; it grows while the file is read. */
  names(slot: number): readonly string[] {
    return this.#columns[slot].dictionary.names;
  }

  /** What a column of the schema holds. */
  kind(slot: number): Cell["kind"] {
    return this.#columns[slot].cell.kind;
  }

  push(bytes: Uint8Array): void {
    this.#blocks.push(bytes);
  }

  end(): void {
    this.#blocks.end();
    if (this.#inFile === undefined) this.#header([""]);
    if (this.#pointRow > 0) this.#commas.notePoint(this.#pointRow);
    this.#commas.finish();
  }

  #read(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      this.#row++;
      if (this.#inFile === undefined) {
        const next = lineEnd(bytes, at, end);
        const line = decodeLine(bytes.subarray(at, next), { file: this.#log.source, row: 1 });
        this.#delimiter = delimiterOf(line);
        this.#separator = this.#delimiter.charCodeAt(0);
        this.#inFile = this.#header(this.#cells(bytes, at, next));
        at = next;
      } else if (bytes[at] === LF || bytes[at] === CR) {
        this.#log.blankLines++;
        at = lineEnd(bytes, at, end);
      } else {
        const stop = this.#careful ? -1 : this.#plainRow(bytes, at);
        if (stop < 0) {
          const next = lineEnd(bytes, at, end);
          this.#carefulRow(this.#cells(bytes, at, next));
          at = next;
        } else {
          this.#keep();
          at = stop + (bytes[stop] === CR && stop + 1 < end && bytes[stop + 1] === LF ? 2 : 1);
        }
      }
    }
  }

  /**
   * Reads the row at `at` into the values and returns the place of its line end, or -1 where a cell
   * needs a closer look. A line end follows in `bytes`, so that no loop needs to look for the end.
   */
  #plainRow(bytes: Uint8Array, start: number): number {
    const columns = this.#inFile!;
    const values = this.#values;
    const separator = this.#separator;
    const last = columns.length - 1;
    let at = start;
    for (let place = 0; place <= last; place++) {
      const column = columns[place];
      const quoted = bytes[at] === QUOTE;
      if (quoted) at++;
      const stop = quoted ? QUOTE : separator;
      if (column === undefined || column.cell.kind === "text") {
        const from = at;
        let hash = 0;
        let byte = bytes[at];
        // What was made inert for spreadsheets is undone by the cell.
        if (byte === APOSTROPHE) return -1;
        while (byte !== stop && byte !== LF && byte !== CR) {
          if (byte === QUOTE || byte >= 0x80) return -1;
          hash = nextHash(hash, byte);
          byte = bytes[++at];
        }
        if (column !== undefined) {
          const { cell, dictionary, slot } = column;
          let code = -1;
          if (at > from) {
            code = dictionary.codeOfBytes(bytes, { start: from, end: at, hash, cell });
            if (code < 0) return -1;
          } else if (cell.parse("") === undefined) return -1;
          values[slot] = code;
        }
      } else if (column.cell.kind === "instant") {
        const from = at;
        while (bytes[at] !== stop && bytes[at] !== LF && bytes[at] !== CR) at++;
        const ticks = parseInstant(bytes, from, at);
        if (Number.isNaN(ticks)) return -1;
        values[column.slot] = ticks;
      } else if (column.cell.kind === "time") {
        const from = at;
        while (bytes[at] !== stop && bytes[at] !== LF && bytes[at] !== CR) at++;
        const time = column.cell.times!.parseBytes(bytes, from, at);
        if (time === undefined) return -1;
        values[column.slot] = time;
      } else if (column.cell.blank && isEnd(bytes[at], stop)) {
        values[column.slot] = NaN;
      } else {
        const negative = bytes[at] === MINUS;
        if (negative) at++;
        const from = at;
        let value = 0;
        let digit = bytes[at] - 48;
        while (digit >= 0 && digit <= 9) {
          value = 10 * value + digit;
          digit = bytes[++at] - 48;
        }
        let digits = at - from;
        if (bytes[at] === POINT && column.cell.kind === "integer") {
          this.#pointRow = this.#row;
          at++;
          while (bytes[at] === ZERO) at++;
        } else if (bytes[at] === POINT) {
          this.#pointRow = this.#row;
          digit = bytes[++at] - 48;
          const fraction = at;
          while (digit >= 0 && digit <= 9) {
            value = 10 * value + digit;
            digit = bytes[++at] - 48;
          }
          digits += at - fraction;
          // Both are exact, so their quotient is the nearest double, which is what Number() gives.
          if (digits <= EXACT_DIGITS) value /= POWERS[at - fraction];
        }
        if (digits === 0 || digits > EXACT_DIGITS) return -1;
        if (negative) value = -value;
        if (!(value >= column.cell.minimum && value <= column.cell.maximum)) return -1;
        values[column.slot] = value;
      }
      // Two quotes for one, or text behind the second, are left to the other way.
      if (quoted && bytes[at++] !== QUOTE) return -1;
      const byte = bytes[at];
      if (place < last) {
        if (byte !== separator) return -1;
        at++;
      } else if (byte !== LF && byte !== CR) return -1;
    }
    return at;
  }

  #carefulRow(cells: readonly string[]): void {
    const file = this.#log.source;
    const row = this.#row;
    const columns = this.#inFile!;
    if (cells.length !== columns.length) {
      const expected = `${columns.length} cells, as in the header`;
      return this.#log.refuse([{ file, row, value: cells.length, expected }]);
    }
    const problems: InputProblem[] = [];
    columns.forEach((column, place) => {
      if (column === undefined) return;
      const { name, slot, cell, dictionary } = column;
      const text = cells[place];
      const withComma = cell.kind !== "text" && hasComma(text);
      if (cell.kind !== "text" && !withComma && text.includes(".")) this.#pointRow = row;
      const value = cell.parse(
        withComma ? this.#withPoint({ row, field: name, value: text }) : text,
      );
      if (value === undefined) {
        const hint = withComma && this.#decimal === "point" ? COMMA_HINT : "";
        const expected = `${cell.expected}${hint}`;
        problems.push({ file, row, field: name, value: cells[place], expected });
      } else if (typeof value === "number") this.#values[slot] = value;
      else this.#values[slot] = value === "" ? -1 : dictionary.codeOf(value);
    });
    if (problems.length > 0) this.#log.refuse(problems);
    else this.#keep();
  }

  /** A number with a comma as cells read it, where that is how the table writes fractions. */
  #withPoint(place: { row: number; field: string; value: string }): string {
    if (this.#decimal === undefined) return this.#commas.read(place);
    return this.#decimal === "comma" ? place.value.replace(",", ".") : place.value;
  }

  /** Gives a row whose cells are good. */
  #keep(): void {
    for (const times of this.#times) times.keep();
    this.#log.verdict(this.#row, this.#take(this.#values));
  }

  /** Cells of one line, by a parser that knows quotes. */
  #cells(bytes: Uint8Array, start: number, end: number): readonly string[] {
    const place = { file: this.#log.source, row: this.#row };
    const line = decodeLine(bytes.subarray(start, end), place).replace(/[\r\n]+$/, "");
    // Papa takes one mark away from what it is given: of a line in the middle it is a character.
    const marked = line.startsWith("\ufeff") ? `\ufeff${line}` : line;
    const { data, errors } = Papa.parse<string[]>(marked, {
      delimiter: this.#delimiter,
      newline: "\n",
    });
    const cells = data[0] ?? [""];
    if (errors.length === 0 && data.length <= 1) return cells;
    throw new InputError({
      ...place,
      value: cells.at(-1),
      expected: "every quote to close before the next cell or the end of its line",
    });
  }

  #header(cells: readonly string[]): (Column | undefined)[] {
    const file = this.#log.source;
    const names = Object.keys(this.#schema.shape);
    if (cells.length === 1 && cells[0] === "") {
      throw new InputError({
        file,
        row: 1,
        expected: `a header with the columns ${names.join(", ")}: the line is empty`,
      });
    }
    const problems = this.#columns.flatMap(({ name, cell }): InputProblem[] => {
      const times = cells.filter((other) => other === name).length;
      if (times === 1 || (times === 0 && cell.optional)) return [];
      const expected = times === 0 ? "a column of this name" : "this column once";
      return [{ file, row: 1, field: name, value: cells.join(","), expected }];
    });
    if (problems.length > 0) throw new InputError(problems);
    this.#log.columnsIgnored.push(...cells.filter((name) => !names.includes(name)));
    return cells.map((name) => this.#columns.find((column) => column.name === name));
  }
}

function isEnd(byte: number, stop: number): boolean {
  return byte === stop || byte === LF || byte === CR;
}

function compiled(schema: z.ZodObject): Column[] {
  return Object.entries(schema.shape).map(([name, column], slot) => ({
    name,
    slot,
    cell: compileCell(column as z.ZodType),
    dictionary: new NameDictionary(),
  }));
}
