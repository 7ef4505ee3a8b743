import type * as z from "zod";
import type { ReadTrace } from "../readers/trace-format.ts";

/** What is written: a workload, and what was measured of it where a format has a place for that. */
export type TraceToWrite = Pick<ReadTrace, "workload" | "measured" | "unserved">;

/** A trace as text. */
export interface WrittenTrace {
  /** The file, in pieces; each pass over it gives them anew. */
  readonly chunks: Iterable<string>;
  /** Further files of the trace by role, as its reader takes them. */
  readonly companions?: Readonly<Record<string, string>>;
  /**
   * What the format cannot hold of this trace, and what it demands that the trace does not have, in
   * words: a sentence each.
   */
  readonly lost: readonly string[];
}

/** Writes one format. Reading what it wrote gives what the format can hold, exactly. */
export interface TraceWriter<O = unknown> {
  /** Name of the format that reads it. */
  readonly name: string;
  readonly title: string;
  /** Ending of the file's name, with the dot; of a companion's by role. */
  readonly extension: string;
  readonly companionExtensions?: Readonly<Record<string, string>>;
  /** Options of its own: a strict object whose every key has a default. */
  readonly options?: z.ZodType<O>;
  write(trace: TraceToWrite, options: O): WrittenTrace;
}
