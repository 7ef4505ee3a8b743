import type { InputProblem } from "../../../errors/input-error.ts";

/** Why a row that is well-formed cell by cell is still refused. */
export type RowProblem = Pick<InputProblem, "field" | "value" | "expected">;

/**
 * What a format says of a row: kept (nothing), refused for a problem between its cells, set aside for
 * a reason, or `counted` where the format itself tells the log: of each of several requests in the row,
 * or when all rows are there.
 */
export type RowVerdict =
  | RowProblem
  | { readonly setAside: string }
  | "counted"
  | undefined
  | void;
