import type { InputProblem } from "../../../errors/input-error.ts";

/** Why a row that is well-formed cell by cell is still refused. */
export type RowProblem = Pick<InputProblem, "field" | "value" | "expected">;

/**
 * What a format says of a row: kept (nothing), refused for a problem between its cells, or set aside
 * for a reason.
 */
export type RowVerdict = RowProblem | { readonly setAside: string } | undefined | void;
