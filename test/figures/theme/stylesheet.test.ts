import { expect, test } from "vitest";
import { INK, NEUTRAL, PAPER, POLICY_COLOURS } from "../../../src/figures/theme/palette.ts";
import { stylesheet } from "../../../src/figures/theme/stylesheet.ts";

test("only colours that stand in the drawing get a rule", () => {
  const css = stylesheet(`<path stroke="${NEUTRAL.light}"/>`);
  expect(css).toContain(`[stroke="${NEUTRAL.light}"]{stroke:${NEUTRAL.dark}}`);
  expect(css).not.toContain(`[fill="${NEUTRAL.light}"]`);
  expect(css).not.toContain(POLICY_COLOURS[1].light);
});

test("the ground is painted in both schemes, so that ink never meets a page that it was not made for", () => {
  const css = stylesheet("");
  expect(css).toContain(`background:${PAPER.light}`);
  expect(css).toMatch(new RegExp(`prefers-color-scheme:dark\\)\\{[^@]*background:${PAPER.dark}`));
});

test("the colour of the root itself turns dark, and with it everything in currentColor", () => {
  expect(stylesheet(`<svg color="${INK.light}">`)).toMatch(
    new RegExp(`\\.ds-plot[^ ,{]*(?: \\*\\))?\\[color="${INK.light}"\\]`),
  );
});
