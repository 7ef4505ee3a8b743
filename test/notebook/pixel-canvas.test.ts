import { Buffer } from "node:buffer";
import { Resvg } from "@resvg/resvg-wasm";
import { expect, test } from "vitest";
import { PixelCanvas } from "../../src/notebook/pixel-canvas.ts";
import { rasterise } from "../../src/notebook/rasterise.ts";

/** Pixels of a PNG as another program reads it, one pixel of the picture a pixel. */
async function pixelsOf(url: string, width: number, height: number): Promise<number[][]> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<image width="${width}" height="${height}" href="${url}" style="image-rendering:optimizeSpeed"/></svg>`;
  // Starts resvg, which is started once.
  await rasterise(svg);
  const { pixels } = new Resvg(svg).render();
  return Array.from({ length: width * height }, (_, i) => [...pixels.slice(4 * i, 4 * i + 4)]);
}

function canvasOf(width: number, height: number): PixelCanvas {
  return Object.assign(new PixelCanvas(), { width, height });
}

test("fillRect() fills the pixels that it names, in colours as D3 writes them", async () => {
  const canvas = canvasOf(3, 2);
  const context = canvas.getContext("2d");
  context.fillStyle = "rgb(255, 0, 10)";
  context.fillRect(0, 0, 1, 2);
  context.fillStyle = "#0a14ff";
  context.fillRect(1, 1, 5, 5);
  const [red, blue, nothing] = [[255, 0, 10, 255], [10, 20, 255, 255], [0, 0, 0, 0]];
  expect(await pixelsOf(canvas.toDataURL(), 3, 2))
    .toEqual([red, nothing, nothing, red, blue, blue]);
});

test("putImageData() puts an image where it is told", async () => {
  const canvas = canvasOf(2, 2);
  const context = canvas.getContext("2d");
  const image = context.createImageData(1, 2);
  image.data.set([1, 2, 3, 255, 4, 5, 6, 255]);
  context.putImageData(image, 1, 0);
  expect(await pixelsOf(canvas.toDataURL(), 2, 2))
    .toEqual([[0, 0, 0, 0], [1, 2, 3, 255], [0, 0, 0, 0], [4, 5, 6, 255]]);
});

test("the data are a PNG, the same bytes each time", () => {
  const [a, b] = [canvasOf(2, 1), canvasOf(2, 1)].map((canvas) => canvas.toDataURL());
  expect(a).toBe(b);
  expect(Buffer.from(a.split(",")[1], "base64").subarray(1, 4).toString()).toBe("PNG");
});

test("a colour of another kind is named, not drawn wrong", () => {
  const context = canvasOf(1, 1).getContext("2d");
  context.fillStyle = "hsl(1, 2%, 3%)";
  expect(() => context.fillRect(0, 0, 1, 1)).toThrow(/hsl\(1, 2%, 3%\)/);
});
