/** What can be the same or not. */
export type ItemKind =
  | "manifest"
  | "run"
  | "parameter"
  | "seeds"
  | "version"
  | "data"
  | "figure"
  | "claim"
  | "file";

/** Something that a new run made otherwise than what is committed. */
export interface Difference {
  readonly notebook: string;
  readonly kind: ItemKind;
  /** Of the figure, claim, data file, package, parameter or file. */
  readonly name: string;
  /** What differs, a line each: `effect: committed -0.39, now -0.31`. */
  readonly details: readonly string[];
}

/** Items that were looked at, and those that differ: one difference an item at most. */
export interface Comparison {
  readonly total: number;
  readonly differences: readonly Difference[];
}

/** Several comparisons as one. */
export function mergeComparisons(parts: readonly Comparison[]): Comparison {
  return {
    total: parts.reduce((sum, { total }) => sum + total, 0),
    differences: parts.flatMap(({ differences }) => differences),
  };
}

/** A notebook that differed and was therefore run a second time. */
export interface RepeatedRun {
  readonly notebook: string;
  /** What the first run made otherwise than what is committed. */
  readonly differences: readonly Difference[];
  /** What the second run made: what is committed, what the first run had made, or neither. */
  readonly second: "as committed" | "as the first run" | "otherwise again";
  /** Folder with what the first run made, where the second one made something else; else null. */
  readonly kept: string | null;
}

/** What a verification found. */
export interface Verification extends Comparison {
  readonly repeated: readonly RepeatedRun[];
}

const LONGEST = 200;

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}

/** `field: committed a, now b`, values as JSON; null where they are the same. */
export function valueDetail(field: string, committed: unknown, now: unknown): string | null {
  const [a, b] = [committed, now].map((value) => JSON.stringify(value) ?? "nothing");
  return a === b ? null : `${field}: committed ${shortened(a)}, now ${shortened(b)}`;
}
