import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const require = createRequire(import.meta.url);
const FONTS = ["DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"] as const;

/** Options of {@link rasterise}. */
export interface RasteriseOptions {
  /** Pixels of the picture per pixel of the drawing. @default 2 */
  readonly scale?: number;
  /** @default "#ffffff" */
  readonly background?: string;
  /** TrueType fonts to set text in. @default DejaVu Sans Condensed, as pinned in package.json */
  readonly fonts?: readonly Uint8Array[];
}

let started: Promise<Uint8Array[]> | undefined;

/** Starts resvg, once a process, and reads the pinned fonts. */
async function start(): Promise<Uint8Array[]> {
  const [wasm, ...fonts] = await Promise.all([
    readFile(require.resolve("@resvg/resvg-wasm/index_bg.wasm")),
    ...FONTS.map((file) => readFile(require.resolve(`dejavu-fonts-ttf/ttf/${file}`))),
  ]);
  await initWasm(wasm);
  return fonts;
}

/**
 * Draws an SVG document as PNG with fonts that come with the project: the same bytes on every
 * machine, whatever fonts it has.
 */
export async function rasterise(svg: string, options: RasteriseOptions = {}): Promise<Uint8Array> {
  const { scale = 2, background = "#ffffff" } = options;
  started ??= start();
  const pinned = await started;
  const drawing = new Resvg(svg, {
    background,
    fitTo: { mode: "zoom", value: scale },
    font: {
      fontBuffers: [...options.fonts ?? pinned],
      defaultFontFamily: "DejaVu Sans",
      sansSerifFamily: "DejaVu Sans",
    },
  });
  try {
    const picture = drawing.render();
    try {
      return picture.asPng();
    } finally {
      picture.free();
    }
  } finally {
    drawing.free();
  }
}
