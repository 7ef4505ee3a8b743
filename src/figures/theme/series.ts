import type { SymbolType } from "@observablehq/plot";
import { POLICIES } from "../../policies/registry.ts";
import { CATEGORIES } from "../../paper/categories.ts";
import { TIERS } from "../../workload/tiers.ts";
import {
  CALIBRATION_COLOURS,
  CATEGORY_COLOURS,
  type Colour,
  POLICY_COLOURS,
  TIER_COLOURS,
} from "./palette.ts";

/** What series of a figure can tell apart. */
export type SeriesKind = "policy" | "tier" | "category" | "calibration" | "counting";

/** How a series looks, in every figure: colour and, for those who do not see it, dash and symbol. */
export interface SeriesStyle {
  /** Name in tables. */
  readonly name: string;
  /** Name in figures, cut where it is very long. */
  readonly label: string;
  /** Colour on light paper, as `#rrggbb`. */
  readonly colour: string;
  /** `stroke-dasharray`; `none` is a solid line. */
  readonly dash: string;
  readonly symbol: SymbolType;
}

type Known = readonly (readonly [name: string, label: string])[];

const CATEGORY_LABELS: Readonly<Record<string, string>> = { short_qa: "short Q&A" };

const KNOWN: Readonly<Record<SeriesKind, Known>> = {
  policy: POLICIES.all.map(({ name, title = name }) => [name, title]),
  tier: TIERS.map((name) => [name, name]),
  category: CATEGORIES.map((name) => [name, CATEGORY_LABELS[name] ?? name]),
  calibration: [["none", "calibration off"], ["ema", "calibration on"]],
  counting: [["split", "whitespace words"], ["tokenizer", "model tokens"]],
};

const COLOURS: Readonly<Record<SeriesKind, readonly Colour[]>> = {
  policy: POLICY_COLOURS,
  tier: TIER_COLOURS,
  category: CATEGORY_COLOURS,
  calibration: CALIBRATION_COLOURS,
  counting: CALIBRATION_COLOURS,
};
const DASHES = ["none", "7 3", "2 3", "10 3 2 3", "4 2"] as const;
const SYMBOLS = ["circle", "square", "diamond", "triangle", "star", "wye", "cross"] as const;
/** A baseline that is dashed recedes; a solid line is for what is new. */
const CALIBRATION_DASHES = ["5 3", "none"] as const;

/** Names longer than this leave no room for the drawing. */
const LONGEST_LABEL = 24;

function shorten(label: string): string {
  const characters = [...label];
  return characters.length > LONGEST_LABEL
    ? `${characters.slice(0, LONGEST_LABEL - 1).join("")}…`
    : label;
}

function styleAt(kind: SeriesKind, slot: number): Omit<SeriesStyle, "name" | "label"> {
  const colours = COLOURS[kind];
  const dashes = kind === "calibration" ? CALIBRATION_DASHES : DASHES;
  const round = Math.floor(slot / colours.length);
  return {
    colour: colours[slot % colours.length].light,
    dash: dashes[(slot + round) % dashes.length],
    symbol: SYMBOLS[(slot + round * colours.length) % SYMBOLS.length],
  };
}

/**
 * Styles of the series named, once each: known names first, in their order everywhere, then the
 * others in order of appearance. A known series looks the same whoever else is shown; the others
 * take the looks that are free.
 */
export function seriesStyles(kind: SeriesKind, names: Iterable<string>): SeriesStyle[] {
  const wanted = new Set(names);
  const known = KNOWN[kind];
  const taken = known.flatMap(([name, label], slot) =>
    wanted.has(name) ? [{ name, label, slot }] : []
  );
  const others = [...wanted.difference(new Set(known.map(([name]) => name)))];
  const used = new Set(taken.map(({ slot }) => slot));
  let free = 0;
  for (const name of others) {
    while (used.has(free)) free++;
    used.add(free);
    taken.push({ name, label: name, slot: free });
  }
  return taken.map(({ name, label, slot }) => ({
    name,
    label: shorten(label),
    ...styleAt(kind, slot),
  }));
}

/** Label of one name; a name that is not known is its own label. */
export function labelOf(kind: SeriesKind, name: string): string {
  return KNOWN[kind].find(([known]) => known === name)?.[1] ?? name;
}

/** Names of series, once each, in their order everywhere. */
export function seriesNames(kind: SeriesKind, names: Iterable<string>): string[] {
  return seriesStyles(kind, names).map(({ name }) => name);
}

/** Unit of lengths in a counting mode. */
export function unitOf(counting: string): string {
  return counting === "split" ? "words" : "tokens";
}
