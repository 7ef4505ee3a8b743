import * as Plot from "@observablehq/plot";
import { expect, test } from "vitest";
import { drawPicture } from "../../../src/figures/draw/picture.ts";

const text = (content: string) =>
  drawPicture({ axis: null, marks: [Plot.text([content], { frameAnchor: "middle" })] }).body;

test("a picture is the marks without Plot's root and style", () => {
  const { width, height, body } = drawPicture({
    width: 300,
    height: 200,
    marks: [Plot.dot([[1, 2], [3, 4]])],
  });
  expect({ width, height }).toEqual({ width: 300, height: 200 });
  expect(body.match(/<circle/g)).toHaveLength(2);
  expect(body).not.toMatch(/<svg|<style/);
});

test("coordinates have two digits after the point at most", () => {
  const { body } = drawPicture({
    marks: [Plot.line(Array.from({ length: 50 }, (_, i) => [Math.sqrt(i), Math.sin(i)]))],
  });
  expect(body).toMatch(/\d\.\d/);
  expect(body).not.toMatch(/\.\d{3}/);
});

test("numbers written as text keep their digits", () => {
  expect(text("1.23456789")).toContain("1.23456789");
});

test("text from data stays text", () => {
  const body = text('<script>alert(1)</script> & "quotes" </text>');
  expect(body).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; ");
  expect(body).not.toContain("<script");
});
