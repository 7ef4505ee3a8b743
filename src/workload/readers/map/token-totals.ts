import type { RowProblem } from "../parsing/row-verdict.ts";
import type { ParsedMap } from "./column-map.ts";
import type { CountTarget } from "./targets.ts";

/** Counts of all rows by target, -1 where a row says none; absent: no row does. */
export type Counts = Partial<Record<CountTarget, Int32Array>>;

/**
 * Fills in what is missing of prompt and output from the total, which is no longer needed then; rows in
 * which they disagree.
 */
export function fillTotals(
  counts: Counts,
  size: number,
  map: ParsedMap,
): ReadonlyMap<number, RowProblem> {
  const wrong = new Map<number, RowProblem>();
  const { total } = counts;
  delete counts.total;
  if (total === undefined) return wrong;
  const prompt = counts.prompt ??= new Int32Array(size).fill(-1);
  const output = counts.output ??= new Int32Array(size).fill(-1);
  for (let i = 0; i < size; i++) {
    if (total[i] < 0) continue;
    if (prompt[i] >= 0 && output[i] >= 0) {
      const sum = prompt[i] + output[i];
      if (sum === total[i]) continue;
      const expected = `the sum of prompt and output, ${sum}`;
      wrong.set(i, { field: map.total![0].column, value: total[i], expected });
      continue;
    }
    const part = prompt[i] >= 0 ? prompt[i] : output[i];
    if (part < 0) continue;
    if (part > total[i]) {
      const expected = `at least ${part}, a part of it`;
      wrong.set(i, { field: map.total![0].column, value: total[i], expected });
    } else if (prompt[i] >= 0) output[i] = total[i] - part;
    else prompt[i] = total[i] - part;
  }
  return wrong;
}
