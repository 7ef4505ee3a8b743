import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../errors/input-error.ts";
import { moduleName, type ModuleReference, withModule } from "../registry/module-definition.ts";
import { moduleDigest } from "./module-digest.ts";
import { sha256 } from "./sha256.ts";
import { writeAtomically } from "./write-atomically.ts";

/**
 * Where texts of modules are written: inside the checkout, for only there does Deno find what the
 * packages of the workbench are called (`zod`, `arquero`). A `data:` address finds `driftsched` alone.
 */
const FOLDER = new URL("../../runs/modules/", import.meta.url);
const SOURCE = new URL("../", import.meta.url);

/** Options of {@link fromModule}. */
export interface FromModuleOptions {
  /** Name of the export that is the definition. @default "default" */
  readonly export?: string;
}

/** A path or an address: one word that ends like a module's file or begins with `file:`. */
const isAddress = (text: string) => /^file:\S+$|^[^\n]+\.(?:m?ts|m?js)$/.test(text.trim());

/**
 * A definition (a policy, an estimator, a length model, a step cost, a generator of workloads …) from
 * a module of your own: the text of the module, or the path or address of its file. Workers import
 * that module themselves, so a sweep runs the definition in parallel and keeps its results. Text is
 * TypeScript; it may import "driftsched", "driftsched/…" and the packages of the workbench.
 *
 * A file is read anew at each call, so an edited file is seen without a restart; files that it
 * imports are not, in this thread.
 *
 * @param source text of a module, or path (from the working directory) or `file:` address of one
 * @throws InputError where there is no such file or export, or the text is not a module
 * @example
 * const twice = await fromModule<(length: number) => number>(
 *   "export default (length: number) => 2 * length;",
 * );
 */
export async function fromModule<T extends object>(
  source: string | URL,
  { export: name = "default" }: FromModuleOptions = {},
): Promise<T> {
  const module = typeof source === "string" && !isAddress(source)
    ? await writtenModule(source, name)
    : await fileModule(source, name);
  const definition = await importDefinition(module);
  return withModule(definition as T, module);
}

async function writtenModule(source: string, name: string): Promise<ModuleReference> {
  const digest = await sha256(source);
  return { url: fileOf(digest).href, export: name, digest, source };
}

const fileOf = (digest: string) => new URL(`${digest}.ts`, FOLDER);

async function fileModule(source: string | URL, name: string): Promise<ModuleReference> {
  const url = source instanceof URL
    ? source
    : source.startsWith("file:")
    ? new URL(source)
    : pathToFileURL(resolve(source.trim()));
  return { url: url.href, export: name, digest: await moduleDigest(url, await readModule(url)) };
}

async function readModule(url: URL): Promise<string> {
  if (url.protocol !== "file:") {
    throw new InputError({
      file: "fromModule",
      field: "source",
      value: url.href,
      expected: "the text of a module, or the path of a file on this machine",
    });
  }
  try {
    return await Deno.readTextFile(url);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError({ file: url.href, expected: "a module: there is no such file" });
  }
}

/**
 * Imports what a reference stands for, in this thread or in a worker. An InputError says that the
 * module cannot be imported, has changed since the reference was made, or has no such export.
 */
export async function importDefinition(module: ModuleReference): Promise<object> {
  const exports = await importModule(module);
  const definition = exports[module.export];
  if (typeof definition === "object" && definition !== null || typeof definition === "function") {
    return definition;
  }
  throw new InputError({
    file: module.url,
    field: module.export,
    value: definition,
    expected: `an exported definition; the module exports ${Object.keys(exports).join(", ")}`,
  });
}

async function importModule(module: ModuleReference): Promise<Record<string, unknown>> {
  const address = await addressOf(module);
  try {
    return await import(address);
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
    throw new InputError({ file: moduleName(module), expected: `a module: ${why}` });
  }
}

/** What to import: the digest in the address makes an edited file a module of its own. */
async function addressOf(module: ModuleReference): Promise<string> {
  const { url, digest, source } = module;
  if (digest === null) return new URL(url.replace(/^driftsched:/, ""), SOURCE).href;
  if (source !== undefined) {
    const file = fileOf(digest);
    const written = await Deno.readTextFile(file).catch(() => null);
    if (written !== source) await writeAtomically(file, source);
    return file.href;
  }
  const file = new URL(url);
  if (await moduleDigest(file, await readModule(file)) !== digest) {
    throw new InputError({
      file: url,
      expected: "the module as it was when fromModule read it; call fromModule again",
    });
  }
  return `${url}?digest=${digest.slice(0, 16)}`;
}
