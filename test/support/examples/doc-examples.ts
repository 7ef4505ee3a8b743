import { fileURLToPath } from "node:url";
import { sourcesBelow } from "../../../src/files/sources-below.ts";

const ROOT = new URL("../../../", import.meta.url);

/** An `@example` of a docstring. */
export interface DocExample {
  /** File and number of the example in it, from 1: `src/figures/house.ts#3`. */
  readonly id: string;
  readonly code: string;
}

/** Code of the `@example`s in the docstrings of a source text. */
export function examplesIn(text: string): string[] {
  return Array.from(text.matchAll(/\/\*\*[^]*?\*\//g)).flatMap(([comment]) =>
    comment.split(/@example\b/).slice(1).map((part) =>
      part.split(/\n\s*\* @(?=[a-z])/)[0]
        .replace(/\*\/$/, "").replace(/^\s*\* ?/gm, "").replace(/^```.*$/gm, "").trim()
    )
  );
}

/** Every `@example` of every file below `folder`. */
export async function docExamples(folder = "src"): Promise<DocExample[]> {
  const found: DocExample[] = [];
  for (const below of sourcesBelow(fileURLToPath(new URL(folder, ROOT)))) {
    const path = `${folder}/${below}`;
    const text = await Deno.readTextFile(new URL(path, ROOT));
    examplesIn(text).forEach((code, i) => found.push({ id: `${path}#${i + 1}`, code }));
  }
  return found;
}

/** The repository's folder. */
export const REPOSITORY = fileURLToPath(ROOT);
