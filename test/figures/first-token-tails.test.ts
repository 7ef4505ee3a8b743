import { expect, test } from "vitest";
import { firstTokenTails } from "../../src/figures/first-token-tails.ts";
import { CACHE_EFFECTS, FIRST_TOKEN_TAILS, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const titleOf = (effects: typeof CACHE_EFFECTS) =>
  plain(firstTokenTails(tableOf(FIRST_TOKEN_TAILS), { effects: tableOf(effects) }).title);

test("the title says what is clear at every load, and where it is not", () => {
  expect(titleOf(CACHE_EFFECTS)).toBe(
    "Against no cache, a cache lowers the median TTFT by 50.0 % and changes the P99 clearly in 1 of " +
      "2 settings",
  );
  const lower = CACHE_EFFECTS.map((row) => ({ ...row, high: -0.1 }));
  expect(titleOf(lower)).toBe(
    "Against no cache, a cache lowers the median TTFT by 50.0 % and the P99 by 50.0 %",
  );
  const higher = lower.map((row, i) => ({ ...row, effect: 0.1 * (i + 1), low: 0.05, high: 0.5 }));
  expect(titleOf(higher)).toBe(
    "Against no cache, a cache raises the median TTFT by 10.0 % to 30.0 % and the P99 by 20.0 % to 40.0 %",
  );
});

test("without intervals it claims nothing", () => {
  const unknown = CACHE_EFFECTS.map((row) => ({ ...row, low: null, high: null }));
  expect(titleOf(unknown)).toBe("TTFT, a cache against no cache");
  expect(firstTokenTails(tableOf(FIRST_TOKEN_TAILS)).title).toBe("TTFT, a cache against no cache");
});

test("a panel a setting with its P50 and P99; the baseline is dashed", () => {
  const drawing = parseSvg(firstTokenTails(tableOf(FIRST_TOKEN_TAILS)).svg);
  expect(drawing.texts.map(plain)).toContain("0.500 s / 5 s; 1 s / 10 s");
  expect(drawing.texts.map(plain)).toContain("1 s / 10 s; 2 s / 20 s");
  const dashes = marksIn(drawing, "line", "path").map((path) =>
    path.getAttribute("stroke-dasharray") ?? path.parentElement?.getAttribute("stroke-dasharray")
  );
  expect(dashes).toHaveLength(4);
  expect(dashes.filter((dash) => dash === "5 3")).toHaveLength(2);
});

test("which variant is the baseline can be said", () => {
  const { title } = firstTokenTails(tableOf(FIRST_TOKEN_TAILS), { baseline: "a cache" });
  expect(title).toBe("TTFT, no cache against a cache");
});
