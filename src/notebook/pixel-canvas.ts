import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";

/** Bytes a pixel: red, green, blue, opacity. */
const CHANNELS = 4;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/**
 * Pixels as PNG: eight bits a channel, with opacity, no filter. Source: PNG specification, third
 * edition, sections 5 and 9.
 *
 * @param pixels shape (height × width × 4)
 */
export function encodePng(pixels: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const row = width * CHANNELS;
  const rows = Buffer.alloc(height * (row + 1));
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  }
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A colour as D3 writes it: `rgb(1, 2, 3)`, `rgba(1, 2, 3, 0.5)`, `#rrggbb`. */
function channelsOf(colour: string): readonly [number, number, number, number] {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (hex !== null) {
    const [r, g, b] = hex.slice(1).map((part) => parseInt(part, 16));
    return [r, g, b, 255];
  }
  const rgb = /^rgba?\(([^)]*)\)$/.exec(colour);
  if (rgb === null) throw new Error(`Canvas colour ${colour}: expected rgb(…) or #rrggbb`);
  const [r, g, b, opacity = 1] = rgb[1].split(/[\s,/]+/).map(Number);
  return [r, g, b, opacity * 255];
}

/** As much of a canvas as Plot uses for the ramps of its legends and for rasters. */
export class PixelCanvas {
  width = 300;
  height = 150;
  #pixels: Uint8ClampedArray | null = null;

  get #own(): Uint8ClampedArray {
    return this.#pixels ??= new Uint8ClampedArray(this.width * this.height * CHANNELS);
  }

  getContext(_kind: "2d") {
    const draw = (x: number, y: number, colour: ArrayLike<number>) => {
      if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
      this.#own.set(colour, (y * this.width + x) * CHANNELS);
    };
    return {
      fillStyle: "#000000",
      fillRect(left: number, top: number, width: number, height: number) {
        const colour = channelsOf(this.fillStyle);
        for (let y = top; y < top + height; y++) {
          for (let x = left; x < left + width; x++) draw(x, y, colour);
        }
      },
      createImageData: (width: number, height: number) => ({
        width,
        height,
        data: new Uint8ClampedArray(width * height * CHANNELS),
      }),
      putImageData(
        { width, height, data }: { width: number; height: number; data: Uint8ClampedArray },
        left: number,
        top: number,
      ) {
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const at = (y * width + x) * CHANNELS;
            draw(left + x, top + y, data.subarray(at, at + CHANNELS));
          }
        }
      },
    };
  }

  toDataURL(): string {
    const png = encodePng(this.#own, this.width, this.height);
    return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  }
}
