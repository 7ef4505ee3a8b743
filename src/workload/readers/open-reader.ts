import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { ReadLog } from "./read-log.ts";
import { spreadingOf, spreadTrace } from "./spread-trace.ts";
import type { TokenCounter, TraceFormat, TraceReader } from "./trace-format.ts";

/**
 * A reader of a format with its options checked. Throws an InputError for options that it does not have,
 * and where a further file of the trace is missing.
 */
export function openReader(
  format: TraceFormat,
  { source, lenient = false, own: options, companions, counter, named }: {
    source: string;
    lenient: boolean | undefined;
    own: Readonly<Record<string, unknown>>;
    companions: ReadonlyMap<string, Uint8Array>;
    counter?: TokenCounter;
    named: boolean;
  },
): TraceReader {
  const file = `options of format ${format.name}`;
  const { spreading, own } = spreadingOf(format, options);
  const unknown = Object.keys(own).filter((key) => own[key] !== undefined);
  if (format.options === undefined && unknown.length > 0) {
    throw new InputError({ file, field: unknown[0], expected: "no option: this format has none" });
  }
  for (const { role, title, required } of format.companions ?? []) {
    if (!required || companions.has(role)) continue;
    throw new InputError({ file: source, field: role, expected: `a further file: ${title}` });
  }
  const reader = format.reader({
    log: new ReadLog(source, format.name),
    lenient,
    options: format.options ? parseWith(format.options, own, file) : {},
    companions,
    tokenCounter: counter,
    named,
  });
  if (spreading === undefined) return reader;
  return {
    push: (bytes) => reader.push(bytes),
    end: () => spreadTrace(reader.end(), spreading),
  };
}
