import { InputError } from "../errors/input-error.ts";

/**
 * Where a definition (a policy, an estimator, a generator of workloads, …) can be imported from, by
 * this thread and by any worker.
 */
export interface ModuleReference {
  /** `file:` address of the module, or `driftsched:` and a path below `src/`. */
  readonly url: string;
  /** Name of the export. */
  readonly export: string;
  /**
   * SHA-256 of the module's text and of what it imports by relative paths, in hexadecimal; null for
   * modules of this workbench, which the version of the code covers.
   */
  readonly digest: string | null;
  /** The text of a module that was given as text, so that another machine can write it again. */
  readonly source?: string;
}

/**
 * Notes on a definition where it comes from, as the property `module`, which is not enumerable: a
 * copy of the definition with a change in it does not have it. Returns the definition itself.
 */
export function withModule<T extends object>(definition: T, module: ModuleReference): T {
  if (!Object.isExtensible(definition)) {
    throw new InputError({
      file: module.url,
      field: module.export,
      value: "a frozen object",
      expected: "an object that is not frozen, because it gets a mark with its module",
    });
  }
  return Object.defineProperty(definition, "module", { value: module, configurable: true });
}

/**
 * A definition of this workbench, which workers import from `src/`.
 *
 * @param path path below `src/`
 * @example
 * const generate = inHouse(paperWorkload, { path: "paper/workload.ts", export: "paperWorkload" });
 */
export function inHouse<T extends object>(
  definition: T,
  { path, export: name }: { readonly path: string; readonly export: string },
): T {
  return withModule(definition, { url: `driftsched:${path}`, export: name, digest: null });
}

/** Where a definition comes from; null where nothing is known of it. */
export function moduleOf(definition: unknown): ModuleReference | null {
  if (definition === null) return null;
  if (typeof definition !== "object" && typeof definition !== "function") return null;
  const property = Object.getOwnPropertyDescriptor(definition, "module");
  if (property === undefined || property.enumerable) return null;
  return property.value as ModuleReference;
}

/** A reference as text: `driftsched:paper/workload.ts#paperWorkload`. */
export function moduleName({ url, export: name }: ModuleReference): string {
  return `${url}#${name}`;
}
