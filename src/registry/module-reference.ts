/** Where a definition can be imported from, in another thread too. */
export interface ModuleReference {
  /** Address of the module: `file:`, `data:`, or `driftsched:` for a path below `src/`. */
  readonly url: string;
  /** Name of the export that is the definition. */
  readonly export: string;
  /** SHA-256 of the module's text: what a kept result of it depends on. */
  readonly digest: string;
}
