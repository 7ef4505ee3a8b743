import { join } from "node:path";
import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { FigureManifest } from "../../notebook/figure-manifest.ts";

/** What a notebook's run left in its folder of figures. */
export interface NotebookResults {
  /** `null` where there is none, or none that can be read. */
  readonly manifest: FigureManifest | null;
  /** Paths of the figures' files: those of the manifest, else what lies in the folder. */
  readonly figures: readonly string[];
  /** Why the manifest cannot be read, where it cannot. */
  readonly problem?: string;
}

const MANIFEST = "manifest.json";

function filesIn(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)]
      .filter(({ name, isFile }) => isFile && name !== MANIFEST && !name.endsWith(".partial"))
      .map(({ name }) => join(directory, name)).sort();
  } catch {
    return [];
  }
}

function parseManifest(text: string, path: string): FigureManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError({ file: path, value: (error as Error).message, expected: "valid JSON" });
  }
  return parseWith(FigureManifest, json, path);
}

/** Reads the folder of figures of a notebook that has run; never throws for what lies in it. */
export async function readResults(directory: string): Promise<NotebookResults> {
  const path = join(directory, MANIFEST);
  const text = await Deno.readTextFile(path).catch(() => null);
  if (text === null) return { manifest: null, figures: filesIn(directory) };
  try {
    const manifest = parseManifest(text, path);
    const files = manifest.figures.flatMap(({ files: { svg, png, csv } }) => [svg, png, csv]);
    return { manifest, figures: files.map((file) => join(directory, file.path)) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { manifest: null, figures: filesIn(directory), problem: error.message };
  }
}
