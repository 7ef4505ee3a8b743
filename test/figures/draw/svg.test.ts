import * as Plot from "@observablehq/plot";
import { expect, test } from "vitest";
import { drawPicture } from "../../../src/figures/draw/picture.ts";
import { stackPictures, svgDocument } from "../../../src/figures/draw/svg.ts";
import { parseSvg } from "../support/svg.ts";

const options = { id: "ds-example", title: 'A < B & "C"', description: "Two dots." };
const clipped = () => drawPicture({ clip: true, marks: [Plot.lineY([1, 2, 3], { clip: true })] });

test("the document is one image with a name and a description", () => {
  const { root, all } = parseSvg(svgDocument(clipped(), options));
  expect(root.getAttribute("role")).toBe("img");
  const names = root.getAttribute("aria-labelledby")!.split(" ");
  expect(names.map((id) => all(`#${id}`)[0]?.textContent)).toEqual([
    options.title,
    options.description,
  ]);
});

test("ids start with the document's own and count from 1, however often Plot has drawn before", () => {
  const first = svgDocument(clipped(), options);
  clipped();
  const second = svgDocument(clipped(), options);
  expect(first).toContain('id="ds-example-1"');
  expect(first).toContain("url(#ds-example-1)");
  expect(second).toBe(first);
  for (const [, id] of first.matchAll(/ id="([^"]+)"/g)) expect(id).toMatch(/^ds-example-/);
});

test("text that looks like one of Plot's ids is left alone", () => {
  const picture = drawPicture({
    axis: null,
    marks: [Plot.text(["url(#plot-clip-1)"], { frameAnchor: "middle" })],
  });
  const { texts } = parseSvg(svgDocument(picture, options));
  expect(texts).toEqual(["url(#plot-clip-1)"]);
});

test("the markup is XML: it says its namespace and every element is closed", () => {
  const svg = svgDocument(clipped(), options);
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  const open: string[] = [];
  for (const [, slash, name, closed] of svg.matchAll(/<(\/?)([\w:-]+)[^>]*?(\/?)>/g)) {
    if (slash === "/") expect(open.pop()).toBe(name);
    else if (closed === "") open.push(name);
  }
  expect(open).toEqual([]);
});

test("pictures stand below one another, as wide as the widest", () => {
  const box = (width: number, height: number) => ({
    width,
    height,
    body: `<rect width="${width}"/>`,
  });
  const stacked = stackPictures([box(100, 20), box(300, 50)]);
  expect(stacked).toMatchObject({ width: 300, height: 70 });
  expect(stacked.body).toBe(
    '<rect width="100"/><g transform="translate(0,20)"><rect width="300"/></g>',
  );
});

test("what XML cannot hold is replaced: control characters, half surrogates, HTML's own entities", () => {
  const broken = "a\u0000b\u001bc\ud800d\uffffe\u00a0f";
  const picture = drawPicture({
    axis: null,
    marks: [Plot.text([broken], { frameAnchor: "middle" })],
  });
  const svg = svgDocument(picture, { ...options, title: broken });
  expect(svg.isWellFormed()).toBe(true);
  expect(svg).not.toMatch(/[^\P{Cc}\n]|\uffff|&nbsp;/u);
  expect(svg.match(/a\ufffdb\ufffdc\ufffdd\ufffde(?:&#160;|\u00a0)f/g)).toHaveLength(2);
});
