import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { parseWith } from "../errors/parse-with.ts";
import { readBytes } from "../files/read-bytes.ts";
import { sha256 } from "../files/sha256.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { canonicalJson } from "../files/canonical-json.ts";
import { figureFolder, type FigureFolderOptions } from "./figure-folder.ts";
import type { PublishedFigure } from "./publish-figure.ts";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in lower-case hexadecimal");
const File = z.strictObject({ path: z.string().min(1), sha256: Sha256, bytes: z.int().min(1) });
/** A number, or null where there is none: JSON has no NaN. */
const MaybeNumber = z.number().nullable();

/** A claim as a manifest keeps it. */
export const ManifestClaim = z.strictObject({
  id: z.string().min(1),
  title: z.string(),
  effect: MaybeNumber,
  low: MaybeNumber,
  high: MaybeNumber,
  paper: MaybeNumber,
  verdict: z.enum(["reproduced", "not reproduced", "undecided"]),
  /** Paired seeds behind the effect. */
  n: z.int().min(0),
});
export type ManifestClaim = z.output<typeof ManifestClaim>;

/** What a notebook's run left behind: enough to make it again and to see whether it is the same. */
export const FigureManifest = z.strictObject({
  schemaVersion: z.literal(1),
  notebook: z.string().min(1),
  /** Parameters of the notebook after defaults. */
  parameters: z.record(z.string(), z.json()),
  /** Seeds of the runs. */
  seeds: z.array(z.int()),
  versions: z.strictObject({
    deno: z.string(),
    /** Packages that have a hand in the bytes of a figure. */
    packages: z.record(z.string(), z.string()),
  }),
  /** Files that the results were computed from, below the repository. */
  data: z.array(z.strictObject({ path: z.string().min(1), sha256: Sha256 })),
  figures: z.array(z.strictObject({
    name: z.string().min(1),
    title: z.string().min(1),
    /** Names of files beside the manifest. */
    files: z.strictObject({ svg: File, png: File, csv: File }),
  })),
  claims: z.array(ManifestClaim),
});
export type FigureManifest = z.output<typeof FigureManifest>;

/** What {@link writeManifest} is told. */
export interface ManifestParts extends FigureFolderOptions {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly seeds: readonly number[];
  /** Entries of the ledger; what else they hold is left out. */
  readonly claims: readonly Readonly<Record<keyof ManifestClaim, unknown>>[];
  readonly figures: readonly PublishedFigure[];
  /** Paths of the data files read, below the repository: `data/words_per_token.json`. */
  readonly data: readonly string[];
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DRAWING = [
  "@observablehq/plot",
  "@resvg/resvg-wasm",
  "arquero",
  "dejavu-fonts-ttf",
  "linkedom",
] as const;

async function versions(): Promise<FigureManifest["versions"]> {
  const { dependencies } = JSON.parse(await Deno.readTextFile(join(ROOT, "package.json")));
  return {
    deno: Deno.version.deno,
    packages: Object.fromEntries(DRAWING.map((name) => [name, dependencies[name]])),
  };
}

/** Only what a manifest keeps of a claim, with null for numbers that are none. */
function claimOf(entry: ManifestParts["claims"][number]): unknown {
  return Object.fromEntries(
    Object.keys(ManifestClaim.shape).map((key) => {
      const value = entry[key as keyof ManifestClaim];
      return [key, typeof value === "number" && !Number.isFinite(value) ? null : value];
    }),
  );
}

/**
 * Writes `<figures>/<notebook>/manifest.json`: parameters, seeds, versions, hashes of data and
 * figures, claims. No wall-clock facts, so the same run writes the same bytes. An InputError names
 * what cannot stand in a manifest or a data file that is not there; nothing is written then.
 */
export async function writeManifest(parts: ManifestParts): Promise<FigureManifest> {
  const { notebook, parameters, seeds, claims, figures, data } = parts;
  const path = join(figureFolder(parts), "manifest.json");
  const manifest = parseWith(FigureManifest, {
    schemaVersion: 1,
    notebook,
    parameters,
    seeds,
    versions: await versions(),
    data: await Promise.all(data.map(async (file) => ({
      path: file,
      sha256: await sha256(await readBytes(join(ROOT, file))),
    }))),
    figures: figures.map(({ name, title, files }) => ({ name, title, files })),
    claims: claims.map(claimOf),
  }, `manifest of ${notebook}`);
  await writeAtomically(path, canonicalJson(manifest));
  return manifest;
}
