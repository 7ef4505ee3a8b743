import { concatenated } from "../../collections/concatenated.ts";
import { InputError } from "../../errors/input-error.ts";
import type { KnownFile } from "./known-file.ts";
import type { ColumnMap } from "./map/column-map.ts";
import { openReader } from "./open-reader.ts";
import { HEAD_BYTES, headOf } from "./parsing/head.ts";
import { unpacked, unpackedWhole } from "./parsing/unpack.ts";
import type { ReadOptions } from "./read-options.ts";
import { recognise } from "./recognise.ts";
import { formatNamed, FORMATS } from "./registry.ts";
import type { Companion, ReadTrace, TokenCounter, TraceFormat } from "./trace-format.ts";

export { readWhole } from "./read-whole.ts";

/** What a trace is read from: all of it, or chunks as they come. Plain, gzip or zstd. */
export type TraceInput = Uint8Array | string | AsyncIterable<Uint8Array>;

/**
 * Options of {@link readTrace}; what is not named here is an option of the format, or `spread` and `seed`
 * for times in whole seconds, minutes or batches, which every format has (see `SpreadOptions`).
 */
export interface ReadTraceOptions extends ReadOptions {
  /** Path or name of the source, for errors and provenance. @default "input" */
  readonly source?: string;
  /** Name of the format; absent: recognised from the content. */
  readonly format?: string;
  /** Formats to choose from. @default {@link FORMATS} */
  readonly formats?: readonly TraceFormat[];
  /** Files without requests, to be named where one is given: what it is, and what to read instead. */
  readonly known?: readonly KnownFile[];
  /**
   * Counts tokens where a file holds texts and no lengths; loaded for such files alone. Absent: they are
   * refused.
   */
  readonly tokenCounter?: () => Promise<TokenCounter>;
  /** Further files of the trace by role, see `TraceFormat.companions`; packed or not. */
  readonly companions?: Readonly<Record<string, Uint8Array>>;
  /** Finds a further file that is not among `companions`; undefined where there is none. */
  readonly findCompanion?: (companion: Companion) => Promise<TraceInput | undefined>;
  /** Is told the bytes of the input that were read so far, packed as they are. */
  readonly onProgress?: (bytes: number) => void;
  /**
   * Which column is what, in a table or a log of JSON of nobody's format: `arrival=ts_ms:ms,prompt=…` or
   * an object, see `ColumnMap`; `guess` takes the map that a refusal proposes.
   */
  readonly map?: string | ColumnMap;
  readonly [option: string]: unknown;
}

/**
 * Reads a trace of any format in the registry, in chunks, so that a file larger than memory can be
 * read as long as its columns are not. The report says which format it is and why.
 *
 * Throws an InputError where the format is not recognised or several claim it, for packed data that
 * is damaged or unpacks to no end, for a further file above 500 MB, for a file that is not what its
 * format says, and for any bad row unless `lenient`.
 *
 * @example
 * const { workload, report } = await traces.readTrace(await Deno.readFile("BurstGPT_1.csv"));
 * @example
 * const file = await Deno.open("conv_1week.csv.gz");
 * const { workload } = await traces.readTrace(file.readable, { source: "conv_1week.csv.gz" });
 * @example
 * const log = "ts_ms,prompt_tok,completion_tok\n1763324552160,12,5\n1763324553660,30,7\n";
 * const map = { arrival: "ts_ms:ms", prompt: "prompt_tok", output: "completion_tok" };
 * const { workload } = await traces.readTrace(log, { map });
 */
export async function readTrace(
  input: TraceInput,
  options: ReadTraceOptions = {},
): Promise<ReadTrace> {
  const { source = "input", format: name, lenient, ...more } = options;
  const { formats = FORMATS, known, companions, onProgress, findCompanion, ...rest } = more;
  const { tokenCounter, ...own } = rest;
  const plain = unpacked(counted(chunksOf(input), onProgress), source);
  try {
    const { head, chunks } = await begin(plain);
    const { format, reason } = own.map !== undefined
      ? { format: mappedFormat(name, formats), reason: "columns named by the user" }
      : name === undefined
      ? recognise(head, source, { formats, known })
      : { format: formatNamed(name, formats), reason: "named by the user" };
    const found = await companionsOf(format, { source, companions, findCompanion });
    const counter = format.countsTokens?.(head) ? await tokenCounter?.() : undefined;
    const named = name !== undefined;
    const reader = openReader(format, { source, lenient, own, companions: found, counter, named });
    for await (const chunk of chunks) reader.push(chunk);
    const trace = reader.end();
    return { ...trace, report: { ...trace.report, recognised: reason } };
  } finally {
    // A file that is refused in the middle is closed too.
    await plain.return(undefined);
  }
}

/** The format that reads any file with a map of its columns. */
function mappedFormat(name: string | undefined, formats: readonly TraceFormat[]): TraceFormat {
  if (name === undefined || name === "mapped") return formatNamed("mapped", formats);
  throw new InputError({
    file: "options",
    field: "format",
    value: name,
    expected: "no format beside a map: columns are either a format's or the map's",
  });
}

async function companionsOf(
  format: TraceFormat,
  { source, companions = {}, findCompanion }: ReadTraceOptions,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const companion of format.companions ?? []) {
    const { role } = companion;
    const bytes = companions[role] ?? await findCompanion?.(companion);
    if (bytes === undefined) continue;
    found.set(role, await unpackedWhole(chunksOf(bytes), `${role} of ${source}`));
  }
  const unknown = Object.keys(companions).find((role) => !found.has(role));
  if (unknown === undefined) return found;
  const roles = format.companions?.map(({ role }) => role) ?? [];
  throw new InputError({
    file: "options",
    field: "companions",
    value: unknown,
    expected: roles.length > 0 ? `one of ${roles.join(", ")}` : "none: this format is one file",
  });
}

async function* chunksOf(input: TraceInput): AsyncGenerator<Uint8Array> {
  if (typeof input === "string") yield new TextEncoder().encode(input);
  else if (input instanceof Uint8Array) yield input;
  else yield* input;
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onProgress: ((bytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    onProgress?.(bytes += chunk.length);
  }
}

/** Reads as much as recognising needs, and gives all chunks once more. */
async function begin(source: AsyncGenerator<Uint8Array>) {
  const first: Uint8Array[] = [];
  let size = 0;
  let done = false;
  while (size <= HEAD_BYTES) {
    const next = await source.next();
    if ((done = next.done === true)) break;
    first.push(next.value);
    size += next.value.length;
  }
  const bytes = concatenated(first);
  return {
    head: headOf(bytes, done),
    chunks: (async function* () {
      yield bytes;
      if (!done) yield* source;
    })(),
  };
}
