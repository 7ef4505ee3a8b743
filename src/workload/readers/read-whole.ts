import { InputError } from "../../errors/input-error.ts";
import { openReader } from "./open-reader.ts";
import { packingOf } from "./parsing/packing.ts";
import type { ReadOptions } from "./read-options.ts";
import type { ReadTrace, TokenCounter, TraceFormat } from "./trace-format.ts";

/** Options of {@link readWhole}; what is not named here is an option of the format. */
export interface ReadWholeOptions extends ReadOptions {
  /** Counts tokens where the file holds texts and no lengths. */
  readonly counter?: TokenCounter;
  readonly [option: string]: unknown;
}

/**
 * Reads a whole plain file of a known format at once, without waiting. See {@link readTrace}.
 *
 * @example
 * import { arenaTrace } from "driftsched/workload/readers/formats/arena-trace.ts";
 * const { workload } = readWhole(arenaTrace, text, "trace.csv", { lenient: true });
 */
export function readWhole(
  format: TraceFormat,
  input: Uint8Array | string,
  source: string,
  { lenient, counter, ...own }: ReadWholeOptions = {},
): ReadTrace {
  const companions = new Map();
  const reader = openReader(format, { source, lenient, own, companions, counter, named: true });
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const packing = packingOf(bytes);
  if (packing !== undefined) {
    throw new InputError({ file: source, expected: `a plain file: this is ${packing}` });
  }
  reader.push(bytes);
  return reader.end();
}
