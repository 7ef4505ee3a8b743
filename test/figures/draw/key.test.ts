import { expect, test } from "vitest";
import { drawKey } from "../../../src/figures/draw/key.ts";
import { seriesStyles } from "../../../src/figures/theme/series.ts";
import { parseSvg } from "../support/svg.ts";

const styles = seriesStyles("policy", ["fifo", "priority", "sjf"]);
const draw = (options: Parameters<typeof drawKey>[1]) => {
  const picture = drawKey(styles, options);
  return { picture, drawing: parseSvg(`<svg>${picture.body}</svg>`) };
};

test("a key shows each series by its dash, its symbol and its name", () => {
  const { drawing } = draw({ width: 720, sample: "line and symbol" });
  expect(drawing.texts).toEqual(["FIFO", "Priority", "SJF"]);
  const dashes = drawing.all('g[aria-label="link"]').map((g) =>
    g.getAttribute("stroke-dasharray") ?? "none"
  );
  expect(dashes).toEqual(styles.map(({ dash }) => dash));
  expect(drawing.all('g[aria-label="dot"]')).toHaveLength(3);
});

test("a key that is too wide goes on in a second row", () => {
  const [wide, narrow] = [720, 120].map((width) => draw({ width, sample: "symbol" }).picture);
  expect(narrow.height).toBeGreaterThan(wide.height);
});

test("an item may be shown otherwise than the rest", () => {
  const [first, ...rest] = styles;
  const { body } = drawKey([{ ...first, sample: "line" }, ...rest], { width: 720, sample: "area" });
  const drawing = parseSvg(`<svg>${body}</svg>`);
  expect(drawing.all('g[aria-label="link"]')).toHaveLength(1);
  expect(drawing.all('g[aria-label="rect"]')).toHaveLength(2);
});
