import * as z from "zod";
import { TIMED_TRACE_BLOCK_TOKENS } from "../readers/formats/timed-lengths.ts";
import { hashBlocks } from "./hash-blocks.ts";
import { lossesOf, onOneClock } from "./losses.ts";
import { textChunks } from "./text-chunks.ts";
import type { TraceWriter } from "./trace-writer.ts";

export const TimedTraceWriteOptions = z.strictObject({
  /** Tokens of a block; absent: the workload's own, or 16, vLLM's default. */
  blockTokens: z.int().min(1).max(2 ** 31 - 1).optional(),
});
export type TimedTraceWriteOptions = z.output<typeof TimedTraceWriteOptions>;

/**
 * The data set `timed_trace` of vLLM's `bench serve`: JSON lines in seconds, as its option
 * `--timed-trace-sec-multiplier` has it by default. vLLM makes a prompt of its hash ids alone, so
 * they cover every prompt, see {@link hashBlocks}; the length of a block is not in the file, and has
 * to be told as `--timed-trace-chunk-hash-size`.
 */
export const timedTraceWriter: TraceWriter<TimedTraceWriteOptions> = {
  name: "vllm-timed-trace",
  title: "vLLM timed_trace",
  extension: ".jsonl",
  options: TimedTraceWriteOptions,
  write(trace, { blockTokens }) {
    const { requests, truth } = trace.workload;
    const arrival = onOneClock(requests);
    const block = blockTokens ?? requests.promptBlocks?.tokensPerBlock ?? TIMED_TRACE_BLOCK_TOKENS;
    const blocks = hashBlocks(requests, block);
    return {
      chunks: textChunks(
        requests.size,
        (row) =>
          `{"timestamp": ${withFraction(arrival[row])}, "input_length": ${
            requests.promptTokens[row]
          }, "output_length": ${truth.outputTokens[row]}, ` +
          `"hash_ids": [${Array.from(blocks.of(row)).join(", ")}]}\n`,
      ),
      lost: [
        ...lossesOf(trace, ["promptBlocks"]),
        ...blocks.lost,
        ...block === TIMED_TRACE_BLOCK_TOKENS
          ? []
          : [`the length of a block: tell vLLM --timed-trace-chunk-hash-size ${block}`],
      ],
    };
  },
};

/** A number with a point or an exponent, as Python writes a float. */
function withFraction(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
