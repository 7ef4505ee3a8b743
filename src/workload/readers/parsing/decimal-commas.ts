import { InputError } from "../../../errors/input-error.ts";
import type { ReadLog } from "../read-log.ts";

/** A number as spreadsheets of many countries write it. */
const DECIMAL_COMMA = /^-?\d+,\d+$/;
/** What could be thousands too: `1,374` is 1.374 or 1374. */
const PERHAPS_THOUSANDS = /^-?[1-9]\d{0,2},\d{3}$/;
/** A whole number, with a fraction of nothing. */
const WHOLE = /^-?\d+,0+$/;

/** Where a number stands. */
interface Place {
  readonly row: number;
  readonly field: string;
  readonly value: string;
}

/** Whether a cell is a number with a comma. */
export function hasComma(cell: string): boolean {
  return DECIMAL_COMMA.test(cell);
}

/**
 * Decides what commas within the numbers of a table are. A comma before one, two or four digits, or
 * after a 0, stands before a fraction: `0,5`, `374,0`. One before three digits may part thousands, which
 * the other numbers of its column tell: where none of them has a fraction for certain, the file is
 * refused. So is a file that has points before fractions too, because they could part thousands.
 */
export class DecimalCommas {
  readonly #log: Pick<ReadLog, "source" | "assumptions">;
  /** Columns that have a fraction for certain. */
  readonly #certain = new Set<string>();
  /** The first number of a column that may have thousands. */
  readonly #doubtful = new Map<string, Place>();
  #first: Place | undefined;
  /** Row of a number with a point; 0 for none. */
  #point = 0;

  constructor(log: Pick<ReadLog, "source" | "assumptions">) {
    this.#log = log;
  }

  /** A number with a comma, with a point in its place. */
  read(place: Place): string {
    const { field, value } = place;
    this.#first ??= place;
    if (!PERHAPS_THOUSANDS.test(value)) this.#certain.add(field);
    else if (!this.#doubtful.has(field)) this.#doubtful.set(field, place);
    return WHOLE.test(value) ? value.slice(0, value.indexOf(",")) : value.replace(",", ".");
  }

  /** Takes into account that a number has a point. */
  notePoint(row: number): void {
    this.#point = row;
  }

  /** Throws an InputError where the file does not tell; else the log says what commas are. */
  finish(): void {
    if (this.#first === undefined) return;
    const file = this.#log.source;
    if (this.#point > 0) {
      const expected = `one mark before fractions: row ${this.#point} has a point, which with a ` +
        "decimal comma parts thousands; save the table with points and no marks between thousands";
      throw new InputError({ file, ...this.#first, expected });
    }
    for (const [field, place] of this.#doubtful) {
      if (this.#certain.has(field)) continue;
      const expected = "a number whose comma tells a fraction from thousands, as no other of its " +
        "column does; save the table with points and no marks between thousands, or say which is " +
        "which with --map and --option decimal=comma";
      throw new InputError({ file, ...place, expected });
    }
    this.#log.assumptions.push(
      `commas in ${
        [...this.#certain].join(", ")
      } stand before fractions, as some numbers there show`,
    );
  }
}
