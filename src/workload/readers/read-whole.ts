import { InputError } from "../../errors/input-error.ts";
import { openReader } from "./open-reader.ts";
import { packingOf } from "./parsing/packing.ts";
import type { ReadOptions } from "./read-options.ts";
import type { ReadTrace, TraceFormat } from "./trace-format.ts";

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
  { lenient, ...own }: ReadOptions & Readonly<Record<string, unknown>> = {},
): ReadTrace {
  const reader = openReader(format, { source, lenient, own, companions: new Map() });
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const packing = packingOf(bytes);
  if (packing !== undefined) {
    throw new InputError({ file: source, expected: `a plain file: this is ${packing}` });
  }
  reader.push(bytes);
  return reader.end();
}
