import { formatList, formatPercent } from "./format.ts";

/** Which way a change goes: −1 down, 1 up, 0 where its interval leaves that open. */
export type Direction = -1 | 0 | 1;

/** A number with its interval; bounds are null where none is known: one seed has none. */
export interface Bounded {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Direction of a change by its interval: 0 where the interval holds 0, null where the change has none,
 * so that one repetition never claims anything.
 */
export function directionOf({ low, high }: Bounded): Direction | null {
  if (low === null || high === null) return null;
  return high < 0 ? -1 : low > 0 ? 1 : 0;
}

/** A mean with its interval. */
export interface Estimate extends Bounded {
  readonly value: number;
}

/**
 * A difference of two means that was taken seed by seed, with its interval, as the analysis puts it
 * into a table; null where a table has none.
 */
export interface PairedDifference {
  readonly difference: number | null;
  readonly differenceLow: number | null;
  readonly differenceHigh: number | null;
}

/** Columns of a {@link PairedDifference}: read for the title, not drawn. */
export const DIFFERENCE_COLUMNS = {
  difference: "number?",
  differenceLow: "number?",
  differenceHigh: "number?",
} as const;

/** The same, and what the difference is from. */
export const COMPARED_COLUMNS = { baseline: "text?", ...DIFFERENCE_COLUMNS } as const;

/** A row with {@link COMPARED_COLUMNS}. */
export interface Compared extends PairedDifference {
  /** What the difference is from; null where the table does not say. */
  readonly baseline: string | null;
}

/** There is no difference to be stated. */
export const NOT_PAIRED: PairedDifference = {
  difference: null,
  differenceLow: null,
  differenceHigh: null,
};

/** A row's difference from `baseline`; all null where its table compares with something else. */
export function differenceFrom(baseline: string, row: Compared): PairedDifference {
  return row.baseline === null || row.baseline === baseline ? row : NOT_PAIRED;
}

/**
 * Direction from one mean to another, by the difference that was taken seed by seed; null where that
 * has no interval, as of one seed. Two plain numbers, without intervals and without a difference, stand
 * for themselves. Null where each has an interval of its own and nothing pairs them: those say nothing
 * certain about the difference.
 */
export function directionBetween(
  from: Estimate,
  to: Estimate,
  { difference, differenceLow: low, differenceHigh: high }: PairedDifference,
): Direction | null {
  if (difference !== null) return directionOf({ low, high });
  const bounds = [from, to].flatMap((mean) => [mean.low, mean.high]);
  return bounds.every((bound) => bound === null)
    ? Math.sign(to.value - from.value) as Direction
    : null;
}

/**
 * Mean of paired differences. Margins are averaged, not added in squares: right or cautious, however
 * much the differences have in common. All null where one of them is.
 */
export function meanDifference(all: readonly PairedDifference[]): PairedDifference {
  const mean = (of: (one: PairedDifference) => number | null) => {
    const values = all.flatMap((one) => of(one) ?? []);
    return values.length < all.length || values.length === 0
      ? null
      : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    difference: mean(({ difference }) => difference),
    differenceLow: mean(({ differenceLow }) => differenceLow),
    differenceHigh: mean(({ differenceHigh }) => differenceHigh),
  };
}

/** Mean of the values; bounded where one of them is, by bounds that are the means of theirs. */
export function meanOf(all: readonly Estimate[]): Estimate {
  const n = all.length;
  const value = all.reduce((sum, estimate) => sum + estimate.value, 0) / n;
  if (all.every(({ low, high }) => low === null && high === null)) {
    return { value, low: null, high: null };
  }
  const mean = (side: "low" | "high") =>
    all.reduce((sum, estimate) => sum + (estimate[side] ?? estimate.value), 0) / n;
  return { value, low: mean("low"), high: mean("high") };
}

/** Relative change; none from nothing to nothing. */
export function relativeChange(from: number, to: number): number {
  return from === to ? 0 : to / from - 1;
}

/** A change somewhere: relative (−0.4 is 40 % less). */
export interface Change {
  /** Where: `whitespace words`. */
  readonly where: string;
  readonly change: number;
  /** Null where nothing is known for certain, see {@link directionBetween}. */
  readonly direction: Direction | null;
}

/** Wording of {@link describeChanges}. */
export interface ChangeWording {
  /** What does it: `Calibration`. */
  readonly subject: string;
  /** What it does it to: `the error of length estimates`. */
  readonly object: string;
}

/**
 * Changes as one sentence that turns with the data: lowers, raises, or makes no clear difference. A
 * sentence without a claim where a direction is not known.
 *
 * @example
 * const changes = [
 *   { where: "words", change: -0.6, direction: -1 },
 *   { where: "tokens", change: 0.01, direction: 0 },
 * ] as const;
 * describeChanges(changes, { subject: "Calibration", object: "the error" });
 * // "Calibration lowers the error by 60.0 % (words) and makes no clear difference (tokens)"
 */
export function describeChanges(
  changes: readonly Change[],
  { subject, object }: ChangeWording,
): string {
  if (changes.some(({ direction }) => direction === null)) {
    return `${subject} and ${object.replace(/,$/, "")}`;
  }
  const where = (of: readonly Change[]) =>
    changes.length > 1 ? ` (${formatList(of.map((change) => change.where))})` : "";
  const parts: string[] = [];
  const name = () => parts.length === 0 ? ` ${object}` : " it";
  for (const [direction, verb] of [[-1, "lowers"], [1, "raises"]] as const) {
    const moved = changes.filter((change) => change.direction === direction);
    if (moved.length === 0) continue;
    const amounts = formatList(
      moved.map((change) => `${formatPercent(Math.abs(change.change))}${where([change])}`),
    );
    parts.push(`${verb}${name()} by ${amounts}`);
  }
  const still = changes.filter(({ direction }) => direction === 0);
  if (still.length > 0) {
    const target = parts.length === 0 ? ` to ${object}` : "";
    const places = parts.length === 0 && still.length === changes.length ? "" : where(still);
    parts.push(`makes no clear difference${target}${places}`);
  }
  return `${subject} ${formatList(parts)}`;
}
