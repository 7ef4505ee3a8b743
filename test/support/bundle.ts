import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A program for a browser. */
export interface Bundle {
  /** A script that puts the entry's exports into a global variable. */
  readonly code: string;
  /** Files that went in, relative to the repository. */
  readonly inputs: readonly string[];
}

/** Options of {@link bundleForBrowser}. */
export interface BundleOptions {
  /** Name of the global variable. @default "driftsched" */
  readonly globalName?: string;
}

/**
 * Bundles a module given as text, whose imports are resolved from the repository's root. Nothing is
 * shimmed: an import that a browser does not have (`node:fs`, say) fails the build.
 */
export async function bundleForBrowser(
  entry: string,
  { globalName = "driftsched" }: BundleOptions = {},
): Promise<Bundle> {
  const { outputFiles: [{ text }], metafile } = await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL("../..", import.meta.url)) },
    absWorkingDir: fileURLToPath(new URL("../..", import.meta.url)),
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName,
    target: "es2024",
    minifyWhitespace: true,
    legalComments: "none",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return { code: text, inputs: Object.keys(metafile.inputs) };
}
