import type { InputProblem } from "../../errors/input-error.ts";

/** What a reader did with a file. Every row that was read is kept, refused or set aside. */
export interface ReadReport {
  /** Path or name of the source. */
  readonly source: string;
  /** Name of the format. */
  readonly format: string;
  /** Why the file was taken to be of it; absent where nobody asked. */
  readonly recognised?: string;
  /** Rows below the header, blank lines not counted. */
  readonly rowsRead: number;
  readonly rowsKept: number;
  /** Rows that are not what the format says. */
  readonly rowsRefused: number;
  /** Good rows that the result has no place for, with the reason. */
  readonly setAside: readonly { readonly reason: string; readonly rows: number }[];
  readonly blankLines: number;
  /** What was wrong, in the order of rows: the first {@link PROBLEMS_LISTED}. */
  readonly problems: readonly InputProblem[];
  /** What was wrong in all; a row may have several problems. */
  readonly problemCount: number;
  readonly columnsIgnored: readonly string[];
  /** What the reader took for granted because the file does not say it, and what it put in order. */
  readonly assumptions: readonly string[];
}

/** Problems that a report lists; the rest is counted. */
export const PROBLEMS_LISTED = 1000;
