import type { KnownFile } from "../../workload/readers/known-file.ts";

/** A plain fact: what JSON can hold. */
export type Fact = string | number | null | readonly Fact[] | { readonly [name: string]: Fact };

/**
 * A file that holds no requests, but belongs to a run: a time series, or a summary. It is recognised by
 * content and described; a function of its own reads it into columns.
 */
export interface RecordFormat extends KnownFile {
  /** What the file holds, by name with the unit. Throws an InputError for what is no such file. */
  describe(text: string, source: string): Readonly<Record<string, Fact>>;
}
