import { describeProblem, InputError, type InputProblem } from "../../errors/input-error.ts";
import type { ReadOptions } from "./read-options.ts";
import { PROBLEMS_LISTED, type ReadReport } from "./read-report.ts";
import type { RowVerdict } from "./parsing/row-verdict.ts";

/** Problems that the error of a refused file lists. */
const PROBLEMS_IN_ERROR = 20;

/** Characters of refused values that are kept at most; problems beyond are counted and not listed. */
const CHARACTERS_LISTED = 2 ** 24;

/** Counts what becomes of each row while a file is read. */
export class ReadLog {
  readonly columnsIgnored: string[] = [];
  readonly assumptions: string[] = [];
  blankLines = 0;
  #kept = 0;
  #refused = 0;
  #problemCount = 0;
  #characters = 0;
  readonly #problems: InputProblem[] = [];
  readonly #setAside = new Map<string, number>();

  /**
   * @param source path or name of the file
   * @param format name of the format; a reader of several may find at the end which one it is
   */
  constructor(readonly source: string, public format: string) {}

  keep(): void {
    this.#kept++;
  }

  setAside(reason: string): void {
    this.#setAside.set(reason, (this.#setAside.get(reason) ?? 0) + 1);
  }

  /** Counts one row by what its format said of it. */
  verdict(row: number, verdict: RowVerdict): void {
    if (verdict === undefined) this.#kept++;
    else if (verdict === "counted") return;
    else if ("setAside" in verdict) this.setAside(verdict.setAside);
    else this.refuse([{ file: this.source, row, ...verdict }]);
  }

  /** Counts one row of a document, which is at `path` in it. */
  verdictAt(path: string, verdict: RowVerdict): void {
    if (verdict === undefined) this.#kept++;
    else if (verdict === "counted") return;
    else if ("setAside" in verdict) this.setAside(verdict.setAside);
    else this.refuse([{ file: this.source, ...verdict, field: `${path}.${verdict.field}` }]);
  }

  /** Refuses one row for at least one problem. */
  refuse(problems: readonly InputProblem[]): void {
    this.#refused++;
    this.#problemCount += problems.length;
    for (const problem of problems) {
      if (this.#problems.length === PROBLEMS_LISTED || this.#characters > CHARACTERS_LISTED) return;
      this.#problems.push(problem);
      if (typeof problem.value === "string") this.#characters += problem.value.length;
    }
  }

  /**
   * The report; throws an InputError where the file has a bad row and the reader is strict, or no
   * good row at all.
   */
  finish({ lenient = false }: ReadOptions): ReadReport {
    if (this.#problemCount > 0 && (!lenient || this.#kept === 0)) throw this.#error();
    if (this.#kept === 0) {
      const { source: file } = this;
      const rows = this.#setAside.values().reduce((sum, n) => sum + n, 0);
      throw new InputError({
        file,
        expected: rows === 0
          ? "at least one row of data: the trace is empty"
          : `at least one usable row: all ${rows} are set aside (${
            [...this.#setAside.keys()].join("; ")
          })`,
      });
    }
    const setAside = Array.from(this.#setAside, ([reason, rows]) => ({ reason, rows }));
    return {
      source: this.source,
      format: this.format,
      rowsRead: this.#kept + this.#refused + setAside.reduce((sum, { rows }) => sum + rows, 0),
      rowsKept: this.#kept,
      rowsRefused: this.#refused,
      setAside,
      blankLines: this.blankLines,
      problems: this.#problems,
      problemCount: this.#problemCount,
      columnsIgnored: this.columnsIgnored,
      assumptions: this.assumptions,
    };
  }

  #error(): InputError {
    const listed = this.#problems.slice(0, PROBLEMS_IN_ERROR);
    const error = new InputError(listed);
    const more = this.#problemCount - listed.length;
    if (more > 0) {
      const problems = more === 1 ? "1 more problem" : `${more} more problems`;
      error.message = `${
        listed.map(describeProblem).join("\n")
      }\n… and ${problems} in ${this.source} (${this.#refused} rows refused)`;
    }
    return error;
  }
}
