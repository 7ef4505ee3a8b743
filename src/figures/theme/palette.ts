/** A colour on light and on dark paper, as `#rrggbb`. The light one is what stands in the drawing. */
export interface Colour {
  readonly light: string;
  readonly dark: string;
}

/** Ground that figures stand on; the same as the report's page. */
export const PAPER: Colour = { light: "#ffffff", dark: "#16181b" };
/** Text and axes. */
export const INK: Colour = { light: "#1d2025", dark: "#e4e6e9" };
/** Text of second rank: subtitles, tick labels. */
export const QUIET: Colour = { light: "#5b616b", dark: "#a4aab3" };
/** Grid lines. */
export const HAIR: Colour = { light: "#dcdfe3", dark: "#363a41" };
/** The baseline and whatever was switched off. */
export const NEUTRAL: Colour = { light: "#5f6671", dark: "#b4bcc8" };
/** Numbers of the paper, and the line that stands for them. */
export const STATED: Colour = { light: "#9c2350", dark: "#f29ab7" };

/** Colours of policies: one slot each, the first for the one that usually is the baseline. */
export const POLICY_COLOURS: readonly Colour[] = [
  NEUTRAL,
  { light: "#b25d00", dark: "#e8964a" },
  { light: "#004a26", dark: "#86f5b0" },
  { light: "#386bfa", dark: "#4490f5" },
  { light: "#7a0c6c", dark: "#e4509c" },
  { light: "#9958b8", dark: "#ac7816" },
  { light: "#5404db", dark: "#f7d42d" },
];

/** Colours of tiers, most urgent first. */
export const TIER_COLOURS: readonly Colour[] = [
  { light: "#5527b5", dark: "#a48bff" },
  { light: "#0f7d86", dark: "#5fe0e6" },
  { light: "#a34a00", dark: "#f08a3c" },
];

/** Colours of request categories. */
export const CATEGORY_COLOURS: readonly Colour[] = [
  { light: "#0b6fc0", dark: "#4aa3ff" },
  { light: "#8e7100", dark: "#d9b425" },
  { light: "#0a5428", dark: "#9cf0c4" },
  { light: "#b0187a", dark: "#f0609f" },
];

/** Colours of calibration off and on. */
export const CALIBRATION_COLOURS: readonly Colour[] = [
  NEUTRAL,
  { light: "#08409a", dark: "#5aa0ff" },
];

/** A step of the diverging scale: its ground and the text that can be read on it. */
export interface DivergingStep {
  readonly ground: Colour;
  readonly text: Colour;
}

const ON_DEEP: Colour = { light: "#fffffe", dark: "#0e0f11" };
const ON_PALE: Colour = { light: "#1d2024", dark: "#e4e6ea" };

/**
 * Diverging scale from far below zero (blue) to far above (orange), four steps a side; the deepest
 * steps stand out most from the paper, light or dark.
 */
export const DIVERGING: readonly DivergingStep[] = [
  { ground: { light: "#0d4a86", dark: "#a9d2ff" }, text: ON_DEEP },
  { ground: { light: "#2a6fae", dark: "#6aaef0" }, text: ON_DEEP },
  { ground: { light: "#8fbde4", dark: "#28567f" }, text: ON_PALE },
  { ground: { light: "#d3e5f5", dark: "#1f3549" }, text: ON_PALE },
  { ground: { light: "#fbe3c4", dark: "#45331f" }, text: ON_PALE },
  { ground: { light: "#f3bc7c", dark: "#6e4415" }, text: ON_PALE },
  { ground: { light: "#b35c0a", dark: "#e59a4a" }, text: ON_DEEP },
  { ground: { light: "#7c3c00", dark: "#ffcf9a" }, text: ON_DEEP },
];

/** Every colour that a figure may hold. */
export const COLOURS: readonly Colour[] = [
  PAPER,
  INK,
  QUIET,
  HAIR,
  STATED,
  ...POLICY_COLOURS,
  ...TIER_COLOURS,
  ...CATEGORY_COLOURS,
  ...CALIBRATION_COLOURS.slice(1),
  ...new Set(DIVERGING.flatMap(({ ground, text }) => [ground, text])),
];
