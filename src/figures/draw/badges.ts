import * as Plot from "@observablehq/plot";
import { INK, PAPER } from "../theme/palette.ts";
import { spread } from "./spread.ts";

/** A place in the frame that gets a letter. */
export interface BadgePlace {
  /** Pixels from the left and the top of the frame. */
  readonly px: number;
  readonly py: number;
}

/** A letter in a disc. */
export interface Badge extends BadgePlace {
  readonly letter: string;
}

/** Radius of a badge in pixels. */
export const BADGE_RADIUS = 8.5;
const GAP = 18;
/** Height of an entry of the list, in pixels. */
export const BADGE_ENTRY_HEIGHT = 72;

/**
 * Letters for places, A for the first, moved apart sideways where they would lie on each other.
 *
 * @param width of the frame, in pixels
 */
export function placeBadges(places: readonly BadgePlace[], width: number): Badge[] {
  return places.map((place, i) => {
    const near = places.filter(({ py }) => Math.abs(py - place.py) < GAP);
    const moved = spread(near.map(({ px }) => px), {
      gap: GAP,
      min: BADGE_RADIUS,
      max: width - BADGE_RADIUS,
    });
    return {
      letter: String.fromCharCode(65 + i),
      px: moved[near.indexOf(place)],
      py: place.py,
    };
  });
}

interface Anchor {
  readonly frameAnchor: "top-left" | "top-right";
  readonly dx: number;
  readonly dy: number;
}

function badgeAt(letter: string, at: Anchor): Plot.Markish[] {
  return [
    Plot.dot([0], {
      ...at,
      r: BADGE_RADIUS,
      fill: INK.light,
      stroke: PAPER.light,
      strokeWidth: 1.5,
    }),
    Plot.text([letter], {
      ...at,
      textAnchor: "middle",
      lineAnchor: "middle",
      fill: PAPER.light,
      fontWeight: 700,
      fontSize: 11,
    }),
  ];
}

/** Badges at their places in the frame, whatever the scales are. */
export function badgeMarks(badges: readonly Badge[]): Plot.Markish[] {
  return badges.flatMap(({ letter, px, py }) =>
    badgeAt(letter, { frameAnchor: "top-left", dx: px, dy: py })
  );
}

/** What a badge stands for: a bold line, and text below it that is wrapped. */
export interface BadgeEntry {
  readonly letter: string;
  readonly head: string;
  readonly text: string;
}

/**
 * The list of what badges stand for, in the margin right of the frame.
 *
 * @param width of the margin, in pixels
 */
export function badgeList(entries: readonly BadgeEntry[], width: number): Plot.Markish[] {
  const indent = 34;
  const common = {
    frameAnchor: "top-right",
    textAnchor: "start",
    dx: indent,
    fill: INK.light,
  } as const;
  return entries.flatMap(({ letter, head, text }, i) => {
    const dy = BADGE_RADIUS + 2 + i * BADGE_ENTRY_HEIGHT;
    return [
      ...badgeAt(letter, { frameAnchor: "top-right", dx: 20, dy }),
      Plot.text([head], { ...common, lineAnchor: "middle", dy, fontWeight: 600 }),
      Plot.text([text], {
        ...common,
        lineAnchor: "top",
        dy: dy + 9,
        lineWidth: (width - indent - 10) / 12,
        lineHeight: 1.2,
      }),
    ];
  });
}
