import { expect, test } from "vitest";
import { BADGE_RADIUS, placeBadges } from "../../../src/figures/draw/badges.ts";

test("badges are lettered in order and stay where there is room", () => {
  expect(placeBadges([{ px: 100, py: 20 }, { px: 30, py: 90 }], 400)).toEqual([
    { letter: "A", px: 100, py: 20 },
    { letter: "B", px: 30, py: 90 },
  ]);
});

test("badges at one place move apart sideways and keep their order", () => {
  const [a, b] = placeBadges([{ px: 200, py: 50 }, { px: 201, py: 52 }], 400);
  expect(b.px - a.px).toBeGreaterThanOrEqual(2 * BADGE_RADIUS);
  expect([a.py, b.py]).toEqual([50, 52]);
});

test("badges at the edge stay inside the frame", () => {
  const [a, b] = placeBadges([{ px: 400, py: 0 }, { px: 400, py: 0 }], 400);
  expect(Math.max(a.px, b.px)).toBeLessThanOrEqual(400 - BADGE_RADIUS);
});
