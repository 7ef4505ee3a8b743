import type { Head } from "./parsing/head.ts";

/**
 * A kind of file that is known and holds no requests that could be read: a summary, a series, another
 * program's own format. It is named where it is given in place of a trace.
 */
export interface KnownFile {
  /** Lower case with dashes. */
  readonly name: string;
  readonly title: string;
  /** Why a file that begins so is of this kind, in words; undefined where it is not. */
  recognise(head: Head): string | undefined;
  /** What to read or save in its place, a sentence without its full stop; absent: it can be described. */
  readonly instead?: string;
}
