import * as Plot from "@observablehq/plot";
import { expect, test } from "vitest";
import { endLabels, endLabelsWidth } from "../../../src/figures/draw/end-labels.ts";
import { drawPicture } from "../../../src/figures/draw/picture.ts";
import { seriesStyles } from "../../../src/figures/theme/series.ts";
import { marksIn, parseSvg } from "../support/svg.ts";

const [fifo, sjf] = seriesStyles("policy", ["fifo", "sjf"]);
const box = { width: 300, height: 200, margin: 20, marginRight: 100, axis: null };
const ends = [{ x: 1, y: 0.5, style: fifo }, { x: 1, y: 0.51, style: sjf }];

function drawn(facet?: "fy") {
  const points = facet ? ends.map((end, i) => ({ ...end, facet: `panel ${i}` })) : ends;
  const { body } = drawPicture({
    ...box,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    marks: [Plot.frame(), ...endLabels(points, { facet })],
  });
  return parseSvg(`<svg>${body}</svg>`);
}
const heights = (drawing: ReturnType<typeof drawn>) =>
  marksIn(drawing, "text", "text").map((text) =>
    Number(/,([\d.]+)\)/.exec(text.getAttribute("transform")!)![1])
  );

test("labels of lines that end together are moved apart, in the order of the lines", () => {
  const [below, above] = heights(drawn());
  expect(below - above).toBeCloseTo(15, 1);
});

test("labels stand right of the frame and are joined to their ends", () => {
  const drawing = drawn();
  const [link] = marksIn(drawing, "link", "path");
  const [x1, y1, x2, y2] = link.getAttribute("d")!.match(/[\d.]+/g)!.map(Number);
  expect([x1, y1]).toEqual([200, 100]);
  expect(x2).toBe(214);
  expect(y2).toBeGreaterThan(100);
  expect(drawing.texts).toEqual(["FIFO", "SJF"]);
});

test("labels in different panels leave each other alone", () => {
  const { texts, all } = drawn("fy");
  expect(texts).toEqual(["FIFO", "SJF"]);
  expect(all('g[aria-label="text"] > g')).toHaveLength(2);
});

test("endLabelsWidth(labels) grows with the longest label", () => {
  expect(endLabelsWidth(["a", "a long label"])).toBeGreaterThan(endLabelsWidth(["a", "b"]));
});
