import { InputError } from "../../errors/input-error.ts";
import { parseWith } from "../../errors/parse-with.ts";
import { blisWriter } from "./blis-trace.ts";
import { burstGptWriter } from "./burstgpt.ts";
import { driftschedWorkloadWriter } from "./driftsched-workload.ts";
import { mooncakeWriter } from "./mooncake.ts";
import { timedTraceWriter } from "./timed-trace.ts";
import type { TraceToWrite, TraceWriter, WrittenTrace } from "./trace-writer.ts";
import { vidurWriter } from "./vidur.ts";

/** Every format that can be written, in the order in which they are listed for people. */
export const WRITERS: readonly TraceWriter[] = [
  driftschedWorkloadWriter,
  burstGptWriter,
  mooncakeWriter,
  blisWriter,
  vidurWriter,
  timedTraceWriter as TraceWriter,
];

/** Options of {@link writeTrace}; what is not named here is an option of the format. */
export interface WriteTraceOptions {
  /** Name of the format. */
  readonly format: string;
  /** @default {@link WRITERS} */
  readonly writers?: readonly TraceWriter[];
  readonly [option: string]: unknown;
}

/**
 * A trace as text of another format, and what the format cannot hold of it. Throws an InputError for
 * an unknown format or option, and for names that no reader would take back.
 *
 * @example
 * const { chunks, lost } = traces.writeTrace(await traces.readTrace(bytes), { format: "mooncake" });
 */
export function writeTrace(
  trace: TraceToWrite,
  { format, writers = WRITERS, ...own }: WriteTraceOptions,
): WrittenTrace {
  const writer = writers.find(({ name }) => name === format);
  if (writer === undefined) {
    throw new InputError({
      file: "options",
      field: "format",
      value: format,
      expected: `one of ${writers.map(({ name }) => name).join(", ")}`,
    });
  }
  const file = `options of format ${format}`;
  const [unknown] = Object.keys(own).filter((key) => own[key] !== undefined);
  if (writer.options === undefined && unknown !== undefined) {
    throw new InputError({ file, field: unknown, expected: "no option: this format has none" });
  }
  return writer.write(trace, writer.options ? parseWith(writer.options, own, file) : {});
}
