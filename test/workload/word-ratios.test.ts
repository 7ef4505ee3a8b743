import { expect, test } from "vitest";
import { InputError } from "../../src/errors/input-error.ts";
import { substream } from "../../src/random/substream.ts";
import { CATEGORIES } from "../../src/paper/categories.ts";
import { wordRatios } from "../../src/workload/word-ratios.ts";
import { meanWordsPerToken, WORDS_PER_TOKEN } from "../../src/workload/words-per-token.ts";

function ratios(spec: Parameters<typeof wordRatios>[0], category: (typeof CATEGORIES)[number]) {
  const random = substream(1, "test/ratios");
  const model = wordRatios(spec);
  return Float64Array.from({ length: 20_000 }, () => model.draw(random, category));
}

const meanOf = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;

test.each(CATEGORIES)(
  "measured ratios of %s are those of its sample answers, all of them",
  (name) => {
    const drawn = ratios({ model: "measured" }, name);
    expect([...new Set(drawn)].toSorted()).toEqual([...new Set(WORDS_PER_TOKEN[name])].toSorted());
    const spread = Math.max(...WORDS_PER_TOKEN[name]) - Math.min(...WORDS_PER_TOKEN[name]);
    expect(Math.abs(meanOf(drawn) - meanWordsPerToken(name)))
      .toBeLessThan(4 * spread / 2 / Math.sqrt(drawn.length));
  },
);

test.each(CATEGORIES)("a mean that is asked for scales the measured ratios of %s to it", (name) => {
  const measured = ratios({ model: "measured" }, name);
  const scaled = ratios({ model: "measured", mean: 0.5 }, name);
  const factor = 0.5 / meanWordsPerToken(name);
  const off = scaled.map((ratio, i) => Math.abs(ratio / measured[i] / factor - 1));
  expect(Math.max(...off)).toBeLessThan(1e-12);
});

test("a constant ratio is that ratio, and draws nothing", () => {
  const model = wordRatios({ model: "constant", ratio: 0.7 });
  const random = {
    next: () => {
      throw new Error("drew");
    },
  };
  expect(model.draw(random, "report")).toBe(0.7);
});

test("a category without sample answers is refused where ratios are measured, not where constant", () => {
  const random = substream(1, "test/ratios");
  expect(() => wordRatios({ model: "measured" }).draw(random, "poem")).toThrow(InputError);
  expect(wordRatios({ model: "constant", ratio: 0.7 }).draw(random, "poem")).toBe(0.7);
});
