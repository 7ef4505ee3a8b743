import * as z from "zod";
import { countColumn, idsColumn, tokensColumn } from "../parsing/columns.ts";
import type { TraceFormat } from "../trace-format.ts";
import { isTimedLengths, TimedLengthsOptions, timedLengthsReader } from "./timed-lengths.ts";

/** A line of a Mooncake trace, as it is published. */
export const MooncakeRow = z.object({
  timestamp: countColumn("arrival since the start of the trace, milliseconds", {
    max: 2 ** 31 - 1,
  }),
  input_length: tokensColumn("length of the prompt"),
  output_length: tokensColumn("length of the answer"),
  hash_ids: idsColumn("one a block of 512 tokens; equal ids, equal prompt up to there"),
});

/**
 * Mooncake's traces (Qin et al., FAST 2025): JSON lines in milliseconds. Hash ids become prompt blocks of
 * 512 tokens, or of the length by which they cover the prompts. The conversation trace has its times in
 * batches of 3 s, which would be bursts that never were: where all times are multiples of a second or
 * more and requests share them, they are spread by the option `spread`, and the report says so.
 *
 * AIPerf's traces of the same kind are read, too: `hash_ids` may be missing, a turn of a `session_id` may
 * have a `delay` in place of its time, and times may be dates. A file with times in seconds is
 * `vllm-timed-trace`: which it is, `timedLengthsReader` tells from all rows where nobody named it.
 */
export const mooncake: TraceFormat<TimedLengthsOptions> = {
  name: "mooncake",
  title: "Mooncake, and AIPerf's traces of its kind",
  row: MooncakeRow,
  options: TimedLengthsOptions,
  recognise: (head) =>
    isTimedLengths(head)
      ? "JSON rows with input_length and output_length; all times together tell Mooncake's from vLLM's " +
        "timed_trace"
      : undefined,
  reader: (context) => timedLengthsReader(context, "ms"),
};
