import type { KnownFile } from "../../workload/readers/known-file.ts";
import type { Head } from "../../workload/readers/parsing/head.ts";

/** A plain fact: what JSON can hold. */
export type Fact = string | number | null | readonly Fact[] | { readonly [name: string]: Fact };

/**
 * A file that holds no requests, but belongs to a run: a time series, or a summary. It is recognised by
 * content and described; a function of its own reads it into columns.
 */
export interface RecordFormat extends KnownFile {
  /**
   * Why a file that begins with requests may still be described, as it may hold several results of which
   * none was chosen: {@link describe} tells.
   */
  recogniseWithRequests?(head: Head): string | undefined;
  /** Names of options that {@link describe} takes. @default none */
  readonly options?: readonly string[];
  /**
   * What the file holds, by name with the unit. Throws an InputError for what is no such file; undefined
   * for one that is read as a trace after all.
   */
  describe(
    text: string,
    source: string,
    options?: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, Fact>> | undefined;
}
