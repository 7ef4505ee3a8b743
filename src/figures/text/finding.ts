import { formatList, formatPercent } from "./format.ts";

/** Which way a change goes: −1 down, 1 up, 0 where its interval leaves that open. */
export type Direction = -1 | 0 | 1;

/** A number with its interval; without bounds the number stands for itself. */
export interface Bounded {
  readonly low: number | null;
  readonly high: number | null;
}

/** Direction of a change with an interval: 0 where the interval holds 0. */
export function directionOf({ low, high }: Bounded, change: number): Direction {
  const [from, to] = [low ?? change, high ?? change];
  return to < 0 ? -1 : from > 0 ? 1 : 0;
}

/** A mean with its interval. */
export interface Estimate extends Bounded {
  readonly value: number;
}

/** Distances from a mean to its bounds, both positive. */
function margins({ value, low, high }: Estimate): { below: number; above: number } {
  return { below: value - (low ?? value), above: (high ?? value) - value };
}

/**
 * Direction from one mean to another: 0 where the interval of their difference holds 0. That
 * interval is recovered from the two (MOVER, Zou & Donner 2008) as if they were independent; of means
 * paired by seed, which go up and down together, the true one is narrower.
 */
export function directionBetween(from: Estimate, to: Estimate): Direction {
  const [a, b] = [margins(from), margins(to)];
  const difference = to.value - from.value;
  return directionOf({
    low: difference - Math.hypot(b.below, a.above),
    high: difference + Math.hypot(b.above, a.below),
  }, difference);
}

/** How estimates hang together. */
export interface MeanOfOptions {
  /**
   * `independent`: of different requests; margins average out (MOVER for a sum). `paired`: of the
   * same requests and seeds; margins are kept, which is right or cautious whatever they share.
   */
  readonly estimates: "independent" | "paired";
}

/** Mean of estimates, with the interval that theirs give it. */
export function meanOf(all: readonly Estimate[], { estimates }: MeanOfOptions): Estimate {
  const n = all.length;
  const value = all.reduce((sum, estimate) => sum + estimate.value, 0) / n;
  const margin = (side: "below" | "above") => {
    const each = all.map((estimate) => margins(estimate)[side]);
    return (estimates === "paired"
      ? each.reduce((sum, one) => sum + one, 0)
      : Math.hypot(...each)) /
      n;
  };
  return { value, low: value - margin("below"), high: value + margin("above") };
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
  readonly direction: Direction;
}

/** Wording of {@link describeChanges}. */
export interface ChangeWording {
  /** What does it: `Calibration`. */
  readonly subject: string;
  /** What it does it to: `the error of length estimates`. */
  readonly object: string;
}

/**
 * Changes as one sentence that turns with the data: lowers, raises, or makes no clear difference.
 *
 * @example
 * describeChanges([{ where: "whitespace words", change: -0.6, direction: -1 }], {
 *   subject: "Calibration",
 *   object: "the error",
 * }); // "Calibration lowers the error by 60.0 % (whitespace words)"
 */
export function describeChanges(
  changes: readonly Change[],
  { subject, object }: ChangeWording,
): string {
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
