import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { causeInWords } from "./environment-error.ts";
import { InputError } from "../errors/input-error.ts";
import { readAny } from "../runs/formats/read-any.ts";
import { HEAD_BYTES } from "../workload/readers/parsing/head.ts";
import type { ReadTraceOptions } from "../workload/readers/read-trace.ts";
import type { ReadTrace } from "../workload/readers/trace-format.ts";
import { packingOf } from "../workload/readers/parsing/packing.ts";
import type { ColumnMap } from "../workload/readers/map/column-map.ts";
import { fileChunks } from "./file-chunks.ts";
import { loadMap } from "./map-file.ts";
import { openInput } from "./open-input.ts";
import { serveGenFolder } from "./servegen-folder.ts";
import { isStandardInput, STANDARD_INPUT } from "./standard-input.ts";
import { qwenTokenCounter } from "./token-counter.ts";

/** Options of {@link openTrace}; what is not named here is an option of the format. */
export interface OpenTraceOptions extends Omit<ReadTraceOptions, "onProgress" | "map"> {
  /** Is told how many bytes of the file have been read, and its size. */
  readonly onProgress?: (bytes: number, size: number) => void;
  /**
   * Which column is what, in a table or a log of JSON of nobody's format: `arrival=ts_ms:ms,prompt=…`, an
   * object, see `ColumnMap`, or the path of a JSON file with one; `guess` takes the map that a refusal
   * proposes.
   */
  readonly map?: string | ColumnMap | URL;
}

/** Bytes of a read: a few, so that a stream of millions of rows needs no turns of the event loop. */
const CHUNK_BYTES = 2 ** 20;

/**
 * Reads a trace from a file, from standard input (`-`), or from a folder of ServeGen's client files, see
 * {@link readTrace}. The
 * further files of a trace of several are looked for beside it, packed ones too. Texts without lengths
 * are counted by {@link qwenTokenCounter} unless another counter is passed.
 *
 * @example
 * const { workload, report } = await openTrace("conv_1week.csv.gz");
 * @example
 * const map = { arrival: "ts_ms:ms", prompt: "usage.prompt_tokens", output: "usage.output_tokens" };
 * const { workload } = await openTrace("requests.jsonl", { map });
 */
export async function openTrace(
  path: string | URL,
  { onProgress, map, ...more }: OpenTraceOptions = {},
): Promise<ReadTrace> {
  const options = { ...more, ...map !== undefined && await loadMap(map) };
  const name = path instanceof URL ? fileURLToPath(path) : path;
  if (isStandardInput(name)) {
    return await readAny(chunksOf(name), {
      source: STANDARD_INPUT,
      tokenCounter: qwenTokenCounter,
      ...onProgress && { onProgress: (bytes: number) => onProgress(bytes, NaN) },
      ...options,
    });
  }
  const { size, isDirectory } = await statOf(name);
  if (isDirectory) {
    const { input, companions } = await serveGenFolder(name);
    return await readAny(input, { source: name, companions, ...options });
  }
  return await readAny(chunksOf(name), {
    source: name,
    tokenCounter: qwenTokenCounter,
    findCompanion: async ({ beside }) => {
      for (const other of beside(basename(name))) {
        for (const packed of [other, `${other}.gz`, `${other}.zst`]) {
          const found = join(dirname(name), packed);
          if (await isFile(found)) return await fileChunks(found);
        }
      }
    },
    ...onProgress && { onProgress: (bytes: number) => onProgress(bytes, size) },
    ...options,
  });
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await openInput(path, { name: path });
  let chunk = new Uint8Array(CHUNK_BYTES);
  let plain = false;
  try {
    for (let read = 0;;) {
      // The head is kept while the format is recognised, and unpacking may read ahead; behind the head
      // of a plain file every chunk has been read when the next is asked for.
      if (!plain || read <= HEAD_BYTES) chunk = new Uint8Array(CHUNK_BYTES);
      const length = await file.read(chunk);
      if (length === null) return;
      if (read === 0) plain = length >= 4 && packingOf(chunk) === undefined;
      read += length;
      yield chunk.subarray(0, length);
    }
  } finally {
    file.close();
  }
}

async function statOf(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : causeInWords(error);
    throw new InputError({ file: path, expected: `a file that can be read: ${why}` });
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
