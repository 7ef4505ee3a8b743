import type { InputProblem } from "../../../errors/input-error.ts";
import { type Cell, compileCell } from "../parsing/cell.ts";
import type { TimeColumn } from "../parsing/time-column.ts";
import { jsonPath, type ReadPath } from "./json-path.ts";
import { type MapPlan, schemaOf, type Slot } from "./map-plan.ts";

/** A column of a plan in objects of JSON. */
class JsonColumn {
  readonly path: ReadPath;
  /** Names by code, of a column of names. */
  readonly names: string[] = [];
  readonly #codes = new Map<string, number>();
  /** Whether any row has the column. */
  seen = false;

  constructor(readonly slot: Slot, readonly cell: Cell) {
    this.path = jsonPath(slot.column);
  }

  /** The value of a row as `CsvReader` has it; undefined for one that is none. */
  valueOf(row: object): number | undefined {
    const value = this.path(row);
    if (value === undefined) return this.slot.kind === "text" ? -1 : NaN;
    this.seen = true;
    const type = typeof value;
    if (this.slot.kind === "text") {
      if (value === null) return -1;
      return type === "string" || type === "number" || type === "boolean"
        ? this.#codeOf(String(value))
        : undefined;
    }
    if (value === null) return NaN;
    if (this.slot.kind === "time") {
      return type === "number"
        ? this.slot.times!.parseNumber(value as number)
        : type === "string"
        ? this.slot.times!.parseText(value as string)
        : undefined;
    }
    if (type === "number") return this.#number(value as number);
    return type === "string" ? this.cell.parse(value as string) as number | undefined : undefined;
  }

  /** What is wrong with the value of a row that is none. */
  problem(row: object): Omit<InputProblem, "file" | "row"> {
    return { field: this.slot.column, value: this.path(row), expected: this.cell.expected };
  }

  #number(value: number): number | undefined {
    const whole = this.slot.kind !== "count" || Number.isInteger(value);
    const { minimum, maximum } = this.cell;
    return whole && value >= minimum && value <= maximum ? value : undefined;
  }

  #codeOf(text: string): number | undefined {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    if (text === "") return -1;
    if (this.cell.parse(text) === undefined) return undefined;
    this.#codes.set(text, this.names.length);
    return this.names.push(text) - 1;
  }
}

const NONE: Omit<InputProblem, "file" | "row">[] = [];

/** Reads the columns of a plan out of objects of JSON. */
export class JsonCells {
  /** Values of the row that was read last, by slot. */
  readonly values: Float64Array;
  readonly #columns: readonly JsonColumn[];
  readonly #times: readonly TimeColumn[];

  constructor(plan: MapPlan) {
    const cells = Object.values(schemaOf(plan).shape).map((each) => compileCell(each));
    this.#columns = plan.slots.map((slot, at) => new JsonColumn(slot, cells[at]));
    this.#times = plan.slots.flatMap(({ times }) => times ?? []);
    this.values = new Float64Array(plan.slots.length);
  }

  /** Reads a row into the values; what is wrong with its cells is the result. */
  read(row: object): readonly Omit<InputProblem, "file" | "row">[] {
    let problems: Omit<InputProblem, "file" | "row">[] = NONE;
    for (let at = 0; at < this.#columns.length; at++) {
      const column = this.#columns[at];
      const value = column.valueOf(row);
      if (value !== undefined) this.values[at] = value;
      else problems = [...problems, column.problem(row)];
    }
    if (problems === NONE) { for (const times of this.#times) times.keep(); }
    return problems;
  }

  /** Names of a column of names, by code. */
  names(slot: number): readonly string[] {
    return this.#columns[slot].names;
  }

  /** Whether any row has a column. */
  has(column: string): boolean {
    return this.#columns.some((each) => each.seen && each.slot.column === column);
  }
}
