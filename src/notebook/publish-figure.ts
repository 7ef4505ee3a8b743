import { join } from "node:path";
import type { Figure } from "../figures/figure.ts";
import { standaloneSvg } from "../figures/standalone-svg.ts";
import { tableToCsv } from "../figures/tables/csv.ts";
import { sha256 } from "../files/sha256.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { figureFolder, type FigureFolderOptions } from "./figure-folder.ts";
import { rasterise } from "./rasterise.ts";

/** A file that was written. */
export interface PublishedFile {
  /** Name in the notebook's folder of figures. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A figure with the files it was written to; shows itself in a notebook as before. */
export interface PublishedFigure extends Figure {
  readonly files: Readonly<Record<"svg" | "png" | "csv", PublishedFile>>;
}

async function publish(
  folder: string,
  path: string,
  content: string | Uint8Array,
): Promise<PublishedFile> {
  const bytes = new Uint8Array(
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  await writeAtomically(join(folder, path), bytes);
  return { path, sha256: await sha256(bytes), bytes: bytes.length };
}

/**
 * Writes a figure to `<figures>/<notebook>/`: as SVG with its title inside the picture, as PNG at
 * twice the size on white, and exactly the numbers drawn as CSV. The same bytes on every run. Returns
 * the figure, so that a cell that ends with it shows it.
 *
 * @example
 * await publishFigure(figures.latencyTail(table), { notebook: "driftsched" });
 */
export async function publishFigure(
  figure: Figure,
  options: FigureFolderOptions,
): Promise<PublishedFigure> {
  const folder = figureFolder(options);
  const { name, table } = figure;
  const drawing = standaloneSvg(figure);
  const [svg, png, csv] = await Promise.all([
    publish(folder, `${name}.svg`, drawing),
    rasterise(drawing).then((bytes) => publish(folder, `${name}.png`, bytes)),
    publish(folder, `${name}.csv`, tableToCsv(table)),
  ]);
  return { ...figure, files: { svg, png, csv } };
}
