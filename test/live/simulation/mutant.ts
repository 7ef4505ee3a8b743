import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { ProgramOptions } from "./program.ts";

/** A change to the source: in a file below `src/`, one text in the place of another. */
export interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

type Program = (options: ProgramOptions) => Promise<boolean>;

/**
 * The program of `program.ts` with other source, as a module of its own. Throws where the source does
 * not hold the text that is to be replaced, exactly once.
 */
export async function mutant(mutations: readonly Mutation[]): Promise<Program> {
  const root = new URL("../../../", import.meta.url);
  const left = new Set(mutations);
  const { outputFiles: [{ contents }] } = await build({
    entryPoints: [fileURLToPath(new URL("program.ts", import.meta.url))],
    absWorkingDir: fileURLToPath(root),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2024",
    write: false,
    logLevel: "silent",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire("/");',
    },
    plugins: [{
      name: "mutations",
      setup({ onLoad }) {
        onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
          const here = mutations.filter(({ file }) => path.endsWith(`/src/${file}`));
          if (here.length === 0) return undefined;
          let source = readFileSync(path, "utf8");
          for (const mutation of here) {
            const { file, from, to } = mutation;
            if (source.split(from).length !== 2) throw new Error(`${file} has not once: ${from}`);
            source = source.replace(from, () => to);
            left.delete(mutation);
          }
          return { contents: source, loader: "ts" };
        });
      },
    }],
  });
  if (left.size > 0) throw new Error(`nobody loads ${[...left].map(({ file }) => file)}`);
  const path = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    await Deno.writeFile(path, contents);
    const { runProgram } = await import(/* @vite-ignore */ pathToFileURL(path).href);
    return runProgram;
  } finally {
    await Deno.remove(path);
  }
}
