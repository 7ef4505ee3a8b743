import type { RowProblem } from "./row-verdict.ts";

/**
 * Instants of a request, seconds on one clock, in the order in which they happen; NaN or absent where
 * they are not known.
 */
export interface Instants {
  readonly arrival?: number;
  /** When the client sent it. */
  readonly sent?: number;
  readonly firstToken?: number;
  /** When the last token was there. */
  readonly finish?: number;
}

const ORDER = ["arrival", "sent", "firstToken", "finish"] as const;
const WORDS = { arrival: "arrival", sent: "sent", firstToken: "first token", finish: "finish" };

/** What a file calls them, for messages; absent: its own name here. */
export type InstantNames = Readonly<Partial<Record<keyof Instants, string>>>;

/**
 * How far an instant may lie before the one that it follows, seconds: logs round to milliseconds, each
 * column for itself.
 */
export const INSTANT_SLACK = 0.001;

/** What is wrong with a row one of whose instants no number can hold; undefined where none is. */
export function instantsWithoutEnd(
  instants: Instants,
  names: InstantNames = {},
): RowProblem | undefined {
  for (const each of ORDER) {
    const value = instants[each];
    if (value === undefined || Math.abs(value) !== Infinity) continue;
    return { field: names[each] ?? WORDS[each], value, expected: "a finite number of seconds" };
  }
}

/**
 * What is wrong with a row whose instants no number can hold, or that are not in the order arrival, sent, first token, finish;
 * undefined where they are. **The one check of measured times**: every format with any runs it on
 * every row.
 */
export function instantsOutOfOrder(
  instants: Instants,
  names: InstantNames = {},
): RowProblem | undefined {
  const endless = instantsWithoutEnd(instants, names);
  if (endless !== undefined) return endless;
  let before: (typeof ORDER)[number] | undefined;
  for (const each of ORDER) {
    const at = instants[each];
    if (at === undefined || Number.isNaN(at)) continue;
    if (before !== undefined && at < instants[before]! - INSTANT_SLACK) {
      const limit = `${names[before] ?? WORDS[before]}, ${instants[before]} s`;
      return {
        field: names[each] ?? WORDS[each],
        value: at,
        expected: `at least ${limit}: arrival, sent, first token and finish come in order of time`,
      };
    }
    before = each;
  }
}
