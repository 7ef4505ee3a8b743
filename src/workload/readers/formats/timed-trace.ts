import * as z from "zod";
import { idsColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import type { TraceFormat } from "../trace-format.ts";
import { TimedLengthsOptions, timedLengthsReader } from "./timed-lengths.ts";

/** A line of a timed trace. */
export const TimedTraceRow = z.object({
  timestamp: secondsColumn("arrival since the start of the trace"),
  input_length: tokensColumn("length of the prompt"),
  output_length: tokensColumn("length of the answer"),
  hash_ids: idsColumn("one a block of tokens; equal ids, equal content"),
});

/**
 * The data set `timed_trace` of vLLM's `bench serve`: JSON lines as Mooncake's, but in seconds, with
 * blocks of 16 tokens unless the ids tell another length. By content it is recognised together with
 * `mooncake`, whose reader tells the two apart at the end of the file and reports this one.
 */
export const timedTrace: TraceFormat<TimedLengthsOptions> = {
  name: "vllm-timed-trace",
  title: "vLLM timed_trace",
  row: TimedTraceRow,
  options: TimedLengthsOptions,
  recognise: () => undefined,
  reader: (context) => timedLengthsReader(context, "s"),
};
