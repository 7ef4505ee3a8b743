import { InputError, type InputProblem } from "../../errors/input-error.ts";
import type { Labels, Phase } from "../workload.ts";
import { type ColumnArrays, decodeColumn } from "./json-column.ts";
import type { LabelColumn } from "./label-column.ts";

const MOST_PROBLEMS = 20;

/** What bounds the values of a column, and how many there are where not one a row. */
export interface ColumnBounds<T extends keyof ColumnArrays> {
  readonly type: T;
  readonly least?: number;
  readonly most?: number;
  readonly size?: number;
}

/** Reads the columns of one file and gathers what is wrong with them. */
export class ColumnReader {
  readonly problems: InputProblem[] = [];

  /**
   * @param file name of the file, for messages
   * @param size rows
   */
  constructor(readonly file: string, readonly size: number) {}

  column<T extends keyof ColumnArrays>(
    values: readonly unknown[],
    field: string,
    { type, ...bounds }: ColumnBounds<T>,
  ): ColumnArrays[T] {
    const { file, size, problems } = this;
    return decodeColumn(values, { type, file, field, size, problems, ...bounds });
  }

  labels({ type, names, codes }: LabelColumn, field: string, size = this.size): Labels {
    const most = names.length - 1;
    return { names, codes: this.column(codes, `${field}.codes`, { type, least: 0, most, size }) };
  }

  phases(phases: readonly Phase[]): [Phase, ...Phase[]] {
    const { file, size } = this;
    phases.forEach(({ first }, i) => {
      const after = i === 0 ? -1 : phases[i - 1].first;
      if (i === 0 ? first === 0 : first > after && first < size) return;
      const expected = i === 0 ? "0" : `a row after ${after} and before ${size}`;
      const field = `phases.${i}.first`;
      this.problems.push({ file, field, value: first, expected });
    });
    return phases as [Phase, ...Phase[]];
  }

  /** Adds a problem with what stands at a row, counted from 0, of a column. */
  refuse(
    field: string,
    { row, value, expected }: { row: number; value: unknown; expected: string },
  ) {
    this.problems.push({ file: this.file, row: row + 1, field, value, expected });
  }

  /** The result, or an InputError with the first 20 problems. */
  finish<T>(result: T): T {
    if (this.problems.length > 0) throw new InputError(this.problems.slice(0, MOST_PROBLEMS));
    return result;
  }
}
