import { Resvg } from "@resvg/resvg-wasm";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { beforeAll, expect, test } from "vitest";
import { textWidth } from "../../../src/figures/text/width.ts";
import { rasterise } from "../../../src/notebook/rasterise.ts";

let fonts: Uint8Array[];
beforeAll(async () => {
  // Starts the one resvg of this process.
  await rasterise('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');
  const require = createRequire(import.meta.url);
  fonts = [await readFile(require.resolve("dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf"))];
});

function measured(text: string): number {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="50">` +
    `<text y="30" font-size="20" font-family="DejaVu Sans">${text}</text></svg>`;
  const drawing = new Resvg(svg, {
    font: { fontBuffers: fonts, defaultFontFamily: "DejaVu Sans" },
  });
  return drawing.getBBox()!.width;
}

test.each([
  "calibration off",
  "Aging priority: P50 311 s, P99 603 s",
  "short Q&amp;A 0.81",
  "border of the paper's −38.8 %",
  "WWWMMM",
  "illiquid fill",
  "0123456789",
])("textWidth(%j) holds the pinned font, with little to spare", (text) => {
  const estimate = textWidth(text.replace("&amp;", "&"), 20);
  expect(estimate).toBeGreaterThanOrEqual(measured(text));
  expect(estimate).toBeLessThan(1.45 * measured(text));
});

test("characters of East Asia are square", () => {
  expect(textWidth("漢字", 10)).toBeGreaterThanOrEqual(20);
});
