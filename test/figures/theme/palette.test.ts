import { describe, expect, test } from "vitest";
import {
  CALIBRATION_COLOURS,
  CATEGORY_COLOURS,
  type Colour,
  COLOURS,
  DIVERGING,
  INK,
  PAPER,
  POLICY_COLOURS,
  QUIET,
  STATED,
  TIER_COLOURS,
} from "../../../src/figures/theme/palette.ts";
import { contrast, distance, VISIONS } from "../support/colour.ts";

const GROUPS: Readonly<Record<string, readonly Colour[]>> = {
  policies: POLICY_COLOURS,
  tiers: TIER_COLOURS,
  categories: CATEGORY_COLOURS,
  calibration: CALIBRATION_COLOURS,
};
const MODES = ["light", "dark"] as const;
/** About four times what can just be told apart side by side. */
const LEAST_DISTANCE = 0.1;

test("the measure knows colours that a deuteranope confuses", () => {
  expect(distance("#c03030", "#6f7a20", "normal")).toBeGreaterThan(0.15);
  expect(distance("#c03030", "#6f7a20", "deuteranopia")).toBeLessThan(0.1);
});

describe.each(Object.entries(GROUPS))("colours of %s", (_name, colours) => {
  for (const mode of MODES) {
    for (const vision of Object.keys(VISIONS)) {
      test(`can be told apart on ${mode} paper with ${vision}`, () => {
        const pairs = colours.flatMap((a, i) =>
          colours.slice(i + 1).map((b) => [a[mode], b[mode]])
        );
        for (const [a, b] of pairs) {
          expect(distance(a, b, vision), `${a} and ${b}`).toBeGreaterThan(LEAST_DISTANCE);
        }
      });
    }
    test(`can be read as text on ${mode} paper`, () => {
      for (const colour of colours) {
        expect(contrast(colour[mode], PAPER[mode]), colour[mode]).toBeGreaterThanOrEqual(4.5);
      }
    });
  }
});

test.each(MODES)("ink, quiet text and the paper's numbers can be read on %s paper", (mode) => {
  for (const colour of [INK, QUIET, STATED]) {
    expect(contrast(colour[mode], PAPER[mode])).toBeGreaterThanOrEqual(4.5);
  }
});

test.each(MODES)("numbers can be read on every step of the diverging scale, %s", (mode) => {
  for (const { ground, text } of DIVERGING) {
    expect(contrast(ground[mode], text[mode]), ground[mode]).toBeGreaterThanOrEqual(4.5);
  }
});

test.each(MODES)("the two sides of the diverging scale differ for every vision, %s", (mode) => {
  const half = DIVERGING.length / 2;
  for (const vision of Object.keys(VISIONS)) {
    for (let i = 0; i < half; i++) {
      const [below, above] = [DIVERGING[i], DIVERGING[DIVERGING.length - 1 - i]];
      expect(distance(below.ground[mode], above.ground[mode], vision)).toBeGreaterThan(0.04);
    }
  }
});

test("a light colour stands for one dark colour only", () => {
  const dark = new Map<string, string>();
  for (const colour of COLOURS) {
    expect(dark.get(colour.light) ?? colour.dark).toBe(colour.dark);
    dark.set(colour.light, colour.dark);
  }
});
