import { describe, expect, test } from "vitest";
import { latencyTail } from "../../src/figures/latency-tail.ts";
import { standaloneSvg } from "../../src/figures/standalone-svg.ts";
import { rasterise } from "../../src/notebook/rasterise.ts";
import { LATENCY_TAIL, tableOf } from "../figures/support/examples.ts";

const svg = (content: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40">${content}</svg>`;
const TEXT = svg('<text x="5" y="25" font-family="system-ui, sans-serif">Words</text>');

/** Width and height from the header of a PNG. */
function sizeOf(png: Uint8Array): [number, number] {
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

describe("rasterise(svg)", () => {
  test("draws twice as large, or as large as told", async () => {
    expect(sizeOf(await rasterise(svg("")))).toEqual([200, 80]);
    expect(sizeOf(await rasterise(svg(""), { scale: 1 }))).toEqual([100, 40]);
  });

  test("draws text, in the fonts that come with the project", async () => {
    const [withText, withoutFont, empty] = await Promise.all([
      rasterise(TEXT),
      rasterise(TEXT, { fonts: [] }),
      rasterise(svg("")),
    ]);
    expect(withText).not.toEqual(empty);
    expect(withoutFont).toEqual(empty);
  });

  test("bold text has a face of its own", async () => {
    expect(await rasterise(TEXT.replace("<text", '<text font-weight="700"')))
      .not.toEqual(await rasterise(TEXT));
  });

  test("lays the drawing on white, or on another ground", async () => {
    expect(await rasterise(svg(""))).not.toEqual(await rasterise(svg(""), { background: "#000" }));
  });

  test("writes the same bytes twice, also for two at once", async () => {
    const file = standaloneSvg(latencyTail(tableOf(LATENCY_TAIL)));
    const [first, second] = await Promise.all([rasterise(file), rasterise(file)]);
    expect(second).toEqual(first);
    expect(first.length).toBeGreaterThan(20_000);
  });

  test("a drawing in dark colours is drawn in light ones: the picture has white paper", async () => {
    const figure = latencyTail(tableOf(LATENCY_TAIL));
    const plain = standaloneSvg(figure).replace(/<style>.*?<\/style>/s, "");
    expect(await rasterise(standaloneSvg(figure))).toEqual(await rasterise(plain));
  });

  test("hostile text in a figure is still a drawing", async () => {
    const hostile = LATENCY_TAIL.map((row) => ({
      ...row,
      policy: `${row.policy}<script>&"'\u0000\u001b]]>\ud800`,
    }));
    const [width] = sizeOf(await rasterise(standaloneSvg(latencyTail(tableOf(hostile)))));
    expect(width).toBe(2 * (720 + 32));
  });

  test("what is no SVG is refused", async () => {
    await expect(rasterise("<p>no</p>")).rejects.toThrow();
  });
});
