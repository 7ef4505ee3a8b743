import { fileURLToPath } from "node:url";
import * as z from "zod";
import { sourcesBelow } from "../../src/files/sources-below.ts";

const source = new URL("../../src/", import.meta.url);

const Resolved = z.looseObject({ specifier: z.string().optional(), error: z.string().optional() });
const Graph = z.looseObject({
  modules: z.array(z.looseObject({
    specifier: z.string(),
    error: z.string().optional(),
    dependencies: z.array(z.looseObject({
      specifier: z.string(),
      code: Resolved.optional(),
      type: Resolved.optional(),
    })).default([]),
  })),
});

/** A file of `src/` and everything it imports, types and dynamic imports included. */
export interface ModuleImports {
  /** Path below `src/`. */
  readonly path: string;
  /** First folder of the path; the file itself for one that lies in `src/`. */
  readonly room: string;
  readonly imports: readonly Import[];
}

/** One import, as written and as resolved. */
export interface Import {
  readonly specifier: string;
  /** Room in `src/`, or null for what lies elsewhere. */
  readonly room: string | null;
  /** Path below `src/`, or the whole address of what lies elsewhere. */
  readonly target: string;
}

function roomOf(address: string): string | null {
  return address.startsWith(source.href) ? address.slice(source.href.length).split("/")[0] : null;
}

/**
 * The import graph of all of `src/`, read by Deno's own parser (nothing is executed). Throws where a
 * file is imported that is not there.
 */
export async function sourceGraph(): Promise<ModuleImports[]> {
  const files = sourcesBelow(fileURLToPath(source)).map((path) => new URL(path, source).href);
  const entry = files.map((file) => `import ${JSON.stringify(file)};`).join("\n");
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `data:application/typescript,${encodeURIComponent(entry)}`],
    cwd: fileURLToPath(source),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { modules } = Graph.parse(JSON.parse(new TextDecoder().decode(stdout)));
  const missing = modules.flatMap(({ error }) => error ?? []);
  if (missing.length > 0) throw new Error(missing.join("\n"));
  return modules.filter(({ specifier }) => roomOf(specifier) !== null).map((module) => ({
    path: module.specifier.slice(source.href.length),
    room: roomOf(module.specifier)!,
    imports: module.dependencies.map(({ specifier, code, type }): Import => {
      const address = code?.specifier ?? type?.specifier ?? specifier;
      const room = roomOf(address);
      return {
        specifier,
        room,
        target: room === null ? address : address.slice(source.href.length),
      };
    }),
  }));
}
