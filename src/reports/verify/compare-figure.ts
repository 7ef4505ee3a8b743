import type { FigureManifest } from "../../notebook/figure-manifest.ts";
import { describeCsvDifference } from "./compare-csv.ts";
import { valueDetail } from "./difference.ts";
import type { ResultFolder } from "./result-folder.ts";

type ManifestFigure = FigureManifest["figures"][number];
const KINDS = ["svg", "png", "csv"] as const;

/**
 * How a figure of a new run differs from the committed one, a line each: its title, its files as
 * they lie there, and whether the committed files are those of the committed manifest.
 */
export function compareFigure(
  committed: { readonly figure: ManifestFigure; readonly files: ResultFolder["files"] },
  now: { readonly figure: ManifestFigure; readonly files: ResultFolder["files"] },
): string[] {
  const details = [valueDetail("title", committed.figure.title, now.figure.title)];
  for (const kind of KINDS) {
    const [before, after] = [committed, now].map(({ figure, files }) => {
      const { path, sha256 } = figure.files[kind];
      return { path, sha256, found: files.get(path) };
    });
    if (before.found === undefined) {
      details.push(`${kind}: ${before.path} is not there`);
      continue;
    }
    if (before.found.sha256 !== before.sha256) {
      details.push(`${kind}: ${before.path} is not the file that the committed manifest tells of`);
    }
    if (after.found === undefined) {
      details.push(`${kind}: the new run wrote no ${after.path}`);
    } else if (before.found.sha256 !== after.found.sha256) {
      const cells = kind === "csv"
        ? describeCsvDifference(before.found.text ?? "", after.found.text ?? "")
        : null;
      details.push(cells === null ? `${kind}: other bytes` : `${kind}: ${cells}`);
    }
  }
  return details.filter((detail) => detail !== null);
}
