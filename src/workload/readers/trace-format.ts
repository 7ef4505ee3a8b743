import type * as z from "zod";
import type { Labels, Requests, Workload } from "../workload.ts";
import type { Head } from "./parsing/head.ts";
import type { ReadLog } from "./read-log.ts";
import type { ReadReport } from "./read-report.ts";

/**
 * What a source measured of the requests of a workload: shape (n) each, in the workload's rows,
 * seconds on the clock of its arrivals, NaN where the instant is not known.
 */
export interface Measured {
  /** When the client sent the request to the server. */
  readonly sent?: Float64Array;
  readonly firstToken?: Float64Array;
  /** When the last token was there. */
  readonly finish?: Float64Array;
  /** Tokens of the prompt that the server had in its prefix cache. */
  readonly cachedTokens?: Int32Array;
  /** Further durations by the source's names, seconds: what a server says of its own queue, say. */
  readonly durations?: Readonly<Record<string, Float64Array>>;
}

/** Ends of a request that was not answered, as `runs/` names them. */
export const UNSERVED_STATUSES = ["failed", "rejected", "cancelled"] as const;
export type UnservedStatus = (typeof UNSERVED_STATUSES)[number];

/**
 * Requests of a source that got no answer. They are no part of the workload to serve, because their
 * answers' lengths are unknown (and in BurstGPT their prompts' too), but they did arrive.
 */
export interface Unserved {
  /** Times on the clock of the workload's arrivals; 0 prompt tokens where the length is unknown. */
  readonly requests: Requests;
  /** Names are {@link UNSERVED_STATUSES}. */
  readonly status: Labels;
  /** When it ended; absent where the source does not say. */
  readonly finish?: Float64Array;
}

/** A trace that was read, and what became of the source's rows. */
export interface ReadTrace {
  /** Requests that were answered, to serve again. */
  readonly workload: Workload;
  /** Absent where the source has no times but arrivals. */
  readonly measured?: Measured;
  /** Absent where every request of the source was answered. */
  readonly unserved?: Unserved;
  readonly report: ReadReport;
}

/** What a reader is given besides the bytes. */
export interface ReadContext<O = unknown> {
  /** Knows the source's name and the format's, counts rows, gathers problems and assumptions. */
  readonly log: ReadLog;
  readonly lenient: boolean;
  /** The format's own options after defaults. */
  readonly options: O;
  /** Bytes of further files of the trace by role, unpacked. */
  readonly companions: ReadonlyMap<string, Uint8Array>;
  /** Counts tokens where the format asked for it, see {@link TraceFormat.countsTokens}. */
  readonly tokenCounter?: TokenCounter;
  /** Whether the user named the format; else the content told it. */
  readonly named: boolean;
}

/** Counts the tokens of texts whose lengths a file does not say. */
export interface TokenCounter {
  /** Which tokenizer it is, in words, for people. */
  readonly name: string;
  /** Tokens of a text, without special ones. */
  count(text: string): number;
}

/** Reads one file: bytes are pushed in chunks of any size, unpacked, then the end is told. */
export interface TraceReader {
  /** The bytes may be overwritten after the call. Throws an InputError for what is no such file. */
  push(bytes: Uint8Array): void;
  /** Throws an InputError for a bad row where the reader is strict, see `ReadOptions`. */
  end(): ReadTrace;
}

/** A further file of a trace that consists of several. */
export interface Companion {
  /** Its key in {@link ReadContext.companions}. */
  readonly role: string;
  /** What it holds, in words. */
  readonly title: string;
  readonly required: boolean;
  /** File names under which it is looked for beside the file called `name`, best first. */
  beside(name: string): readonly string[];
}

/** A format of traces. See the registry for how to add one. */
export interface TraceFormat<O = unknown> {
  /** Lower case with dashes; what a user types. */
  readonly name: string;
  readonly title: string;
  /** Columns of a row: names, types, units, bounds. The data package is made of it. */
  readonly row: z.ZodObject;
  /** Where the rows are in a JSON document; absent for CSV and JSON lines. */
  readonly rowsAt?: string;
  /** Options of its own: a strict object whose every key has a default. */
  readonly options?: z.ZodType<O>;
  readonly companions?: readonly Companion[];
  /**
   * Why a file that begins so is of this format, in words that name what was seen; undefined where
   * it is not. By content alone, never by the file's name. A file of one format must be recognised
   * by no other.
   */
  recognise(head: Head): string | undefined;
  /** Whether a file that begins so needs its texts counted, see {@link ReadContext.tokenCounter}. */
  countsTokens?(head: Head): boolean;
  reader(context: ReadContext<O>): TraceReader;
}
