import type { ModuleReference } from "../registry/module-definition.ts";
import type { JsonObject } from "./encode.ts";

/** How a spec writes where a definition is imported from. */
export function moduleMark({ url, export: name, digest, source }: ModuleReference): JsonObject {
  return { $module: url, export: name, digest, ...source !== undefined && { source } };
}

/** The reference that {@link moduleMark} wrote. */
export function referenceOf(mark: JsonObject): ModuleReference {
  const { $module, export: name, digest, source } = mark;
  return {
    url: String($module),
    export: String(name),
    digest: digest === null ? null : String(digest),
    ...source !== undefined && { source: String(source) },
  };
}

/** What tells one definition from the others within a spec. */
export function moduleKey({ $module, export: name, digest }: JsonObject): string {
  return `${$module}#${name}#${digest}`;
}
