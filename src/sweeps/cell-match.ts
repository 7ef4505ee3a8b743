import { InputError } from "../errors/input-error.ts";
import type { CellLabels } from "./cell-labels.ts";

/** Which cells: all of them, or those that have all labels of one of the given sets. */
export type CellMatch = boolean | CellLabels | readonly CellLabels[];

/**
 * Whether labels are among those that a match means. An InputError refuses names that no cell has as
 * a label, and lists those that cells have.
 */
export function matcher(
  match: CellMatch = false,
  cells: readonly { readonly labels: CellLabels }[],
): (labels: CellLabels) => boolean {
  if (typeof match === "boolean") return () => match;
  const sets = Array.isArray(match) ? match as readonly CellLabels[] : [match as CellLabels];
  const known = Object.keys(cells[0]?.labels ?? {});
  for (const [field, value] of sets.flatMap((set) => Object.entries(set))) {
    if (cells.length === 0 || known.includes(field)) continue;
    throw new InputError({
      file: "labels of cells",
      field,
      value,
      expected: `a label that cells have: ${known.join(", ")}`,
    });
  }
  return (labels) =>
    sets.some((set) => Object.entries(set).every(([name, label]) => labels[name] === label));
}
