import type { Displayable } from "../figures/display.ts";
import type { Figure } from "../figures/figure.ts";
import type { FigureFolderOptions } from "./figure-folder.ts";
import { type ManifestParts, writeManifest } from "./figure-manifest.ts";
import { notebook as prepareKernel } from "./notebook.ts";
import { type PublishedFigure, publishFigure } from "./publish-figure.ts";
import { showTable } from "./show-table.ts";

/** Publishes the figures of one notebook and remembers them for its manifest. */
export interface Publisher {
  /** Writes a figure's files; returns it, so that a cell that ends with the call shows it. */
  figure(figure: Figure): Promise<PublishedFigure>;
  /** Writes `manifest.json` over all figures published so far; returns their hashes as a table. */
  manifest(parts: Pick<ManifestParts, "parameters" | "seeds" | "claims" | "data">): Promise<
    Displayable
  >;
}

/**
 * Starts to publish the figures of a notebook, in `<figures>/<notebook>/`, and prepares the kernel as
 * `notebook()` does.
 *
 * @param notebook name of the notebook: its file name without `.ipynb`
 * @param options folder of all notebooks' figures; another one than the usual keeps what was measured
 * here and now from writing over what is committed
 * @example
 * const publish = publisher("01-driftsched");
 * await publish.figure(figures.latencyTail(table));
 */
export function publisher(
  notebook: string,
  { directory }: Pick<FigureFolderOptions, "directory"> = {},
): Publisher {
  prepareKernel();
  const published = new Map<string, PublishedFigure>();
  return {
    async figure(figure) {
      const files = await publishFigure(figure, { notebook, directory });
      published.set(figure.name, files);
      return files;
    },
    async manifest(parts) {
      const { figures } = await writeManifest({
        ...parts,
        notebook,
        directory,
        figures: [...published.values()],
      });
      const files = figures.flatMap((figure) => Object.values(figure.files));
      return showTable(
        files.map(({ path, bytes, sha256 }) => ({ file: path, bytes, sha256 })),
        { caption: `Written to ${directory ?? "figures"}/${notebook}/, with manifest.json` },
      );
    },
  };
}
