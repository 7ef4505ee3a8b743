import type { Run } from "../runs/run.ts";
import { everyone } from "./groups.ts";
import type { NamedRows } from "./variant-effects.ts";

/**
 * Completed requests by a length, in classes from 0 up: below the first bound, from it to the next, and
 * from the last on.
 *
 * @param lengths shape (n), one a request of the run
 * @param bounds ascending
 * @param unit what the names say after the numbers
 */
export function byLength(
  run: Run,
  lengths: ArrayLike<number>,
  { bounds, unit }: { readonly bounds: readonly number[]; readonly unit: string },
): NamedRows[] {
  const said = (bound: number) => bound.toLocaleString("en-US");
  const names = [
    `below ${said(bounds[0])} ${unit}`,
    ...bounds.map((bound, i) =>
      i + 1 < bounds.length
        ? `${said(bound)} to ${said(bounds[i + 1])} ${unit}`
        : `${said(bound)} ${unit} or more`
    ),
  ];
  const { rows } = everyone(run);
  const classOf = (row: number) => bounds.filter((bound) => lengths[row] >= bound).length;
  return names.map((name, i) => ({ name, rows: rows.filter((row) => classOf(row) === i) }));
}

/**
 * Completed requests by their turn in a conversation: `first turn`, `second turn`, `later turns`, by
 * order of arrival. A request of no session is a first turn. Empty without sessions.
 */
export function byTurn(run: Run): NamedRows[] {
  const { session } = run.requests;
  if (session === undefined) return [];
  const turns = new Int32Array(run.size);
  const seen = new Int32Array(session.names.length);
  for (let row = 0; row < run.size; row++) {
    const code = session.codes[row];
    turns[row] = session.names[code] === "" ? 0 : seen[code]++;
  }
  const { rows } = everyone(run);
  return ["first turn", "second turn", "later turns"].map((name, turn) => ({
    name,
    rows: rows.filter((row) => Math.min(turns[row], 2) === turn),
  }));
}
