import type { SymbolType } from "@observablehq/plot";
import { CALIBRATORS } from "../../estimation/calibrators/registry.ts";
import { POLICIES } from "../../policies/registry.ts";
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

/**
 * Categories that have a look of their own in every figure, in this order. Any other takes a look that
 * is free, in order of appearance, and its name as label.
 */
const CATEGORY_LABELS: Readonly<Record<string, string>> = {
  short_qa: "short Q&A",
  summary: "summary",
  technical: "technical",
  report: "report",
};

const COUNTING_LABELS: Readonly<Record<string, string>> = {
  split: "whitespace words",
  tokenizer: "model tokens",
};

/** Calibrators, those that do not learn first: of one that does, its title only beside others. */
function knownCalibrations(shown: ReadonlySet<string>): Known {
  const learning = CALIBRATORS.all.filter(({ learns }) => learns);
  const several = learning.filter(({ name }) => shown.has(name)).length > 1;
  return [
    ...CALIBRATORS.all.filter(({ learns }) => !learns).map(({ name, title }) =>
      [name, `calibration ${title}`] as const
    ),
    ...learning.map(({ name, title }) => [name, several ? title : "calibration on"] as const),
  ];
}

/** Read anew each time: a registry may have grown. */
const KNOWN: Readonly<Record<SeriesKind, (shown: ReadonlySet<string>) => Known>> = {
  policy: () => POLICIES.all.map(({ name, title = name }) => [name, title]),
  tier: () => TIERS.map((name) => [name, name]),
  category: () => Object.entries(CATEGORY_LABELS),
  calibration: knownCalibrations,
  counting: () => Object.entries(COUNTING_LABELS),
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

/** Slots by preference for a series without one: from the first that no known series has. */
function* freeSlots(kind: SeriesKind, known: number): Generator<number> {
  // Policies are met in many figures: the colour of a known one is not taken while it is away.
  const first = kind === "policy" ? known : 0;
  for (let slot = first;; slot++) yield slot;
}

/**
 * Styles of the series named, once each: known names first, in their order everywhere, then the
 * others in order of appearance. A known series looks the same whoever else is shown; the others
 * take looks that are free, as long as there are colours left one that nobody else in the figure has.
 */
export function seriesStyles(kind: SeriesKind, names: Iterable<string>): SeriesStyle[] {
  const wanted = new Set(names);
  const known = KNOWN[kind](wanted);
  const taken = known.flatMap(([name, label], slot) =>
    wanted.has(name) ? [{ name, label, slot }] : []
  );
  const used = new Set(taken.map(({ slot }) => slot));
  const colours = COLOURS[kind].length;
  const usedColours = new Set(taken.map(({ slot }) => slot % colours));
  for (const name of wanted.difference(new Set(known.map(([name]) => name)))) {
    const free = freeSlots(kind, known.length).find((slot) =>
      !used.has(slot) && (usedColours.size === colours || !usedColours.has(slot % colours))
    )!;
    used.add(free);
    usedColours.add(free % colours);
    taken.push({ name, label: name, slot: free });
  }
  return taken.map(({ name, label, slot }) => ({
    name,
    label: shorten(label),
    ...styleAt(kind, slot),
  }));
}

/**
 * Label of one name; a name that is not known is its own label.
 *
 * @param among what else the figure shows, which a label may have to tell it from
 */
export function labelOf(kind: SeriesKind, name: string, among: Iterable<string> = [name]): string {
  return KNOWN[kind](new Set(among)).find(([known]) => known === name)?.[1] ?? name;
}

/** Names of series, once each, in their order everywhere. */
export function seriesNames(kind: SeriesKind, names: Iterable<string>): string[] {
  return seriesStyles(kind, names).map(({ name }) => name);
}

/** Unit of lengths in a counting mode. */
export function unitOf(counting: string): string {
  return counting === "split" ? "words" : "tokens";
}
