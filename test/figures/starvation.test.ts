import { expect, test } from "vitest";
import { starvation } from "../../src/figures/starvation.ts";
import { STARVATION, tableOf } from "./support/examples.ts";
import { marksIn, parseSvg } from "./support/svg.ts";

type Rows = typeof STARVATION;
const draw = (rows: Rows) => starvation(tableOf(rows));
const plain = (text: string) => text.replaceAll("\u00a0", " ");

test("draws a symbol and the longest wait for every group, policy and server", () => {
  const drawing = parseSvg(draw(STARVATION).svg);
  const inKey = 7;
  const symbols = [...marksIn(drawing, "dot", "path"), ...marksIn(drawing, "dot", "circle")];
  expect(symbols).toHaveLength(2 * 5 * 7 + inKey);
  expect(drawing.texts.filter((text) => text === "240\u00a0s")).toHaveLength(4);
  expect(drawing.texts.filter((text) => text === "8.5\u00a0s")).toHaveLength(66);
});

test("the title names who is starved most, and who is not beside it", () => {
  expect(plain(draw(STARVATION).title)).toBe(
    "Priority starves 70.0 % of the batch requests and 0.0 % of premium ones (micro-batch 32)",
  );
  const sjf = STARVATION.filter(({ policy }) => policy === "sjf");
  expect(plain(draw(sjf).title)).toMatch(/^SJF starves 50\.0 % of the report requests and 0\.0 %/);
});

test("where no share is clearly above nothing nobody starves", () => {
  const unsure = STARVATION.map((row) => ({ ...row, low: 0 }));
  expect(plain(draw(unsure).title)).toBe("Nobody starves; the longest wait is 240 s");
});

test("a policy that a server was not run with says so in its panel", () => {
  const without = STARVATION.filter(({ server, policy }) =>
    !(server === "in-flight 32" && policy === "weighted")
  );
  const { texts } = parseSvg(draw(without).svg);
  expect(texts.filter((text) => text === "not run here")).toHaveLength(1);
});
