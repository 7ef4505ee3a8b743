import { MOONCAKE_BLOCK_TOKENS } from "../readers/formats/timed-lengths.ts";
import { batchMilliseconds } from "../readers/parsing/spread-batches.ts";
import { hashBlocks } from "./hash-blocks.ts";
import { coarserTimes, lossesOf, onOneClock } from "./losses.ts";
import { textChunks } from "./text-chunks.ts";
import type { TraceWriter } from "./trace-writer.ts";

/**
 * Mooncake's JSON lines: whole milliseconds, lengths, and a hash id for each 512 tokens of a prompt,
 * see {@link hashBlocks}.
 */
export const mooncakeWriter: TraceWriter = {
  name: "mooncake",
  title: "Mooncake",
  extension: ".jsonl",
  write(trace) {
    const { requests, truth } = trace.workload;
    const arrival = onOneClock(requests);
    const milliseconds = arrival.map((time) => Math.round(time * 1000));
    const blocks = hashBlocks(requests, MOONCAKE_BLOCK_TOKENS);
    return {
      chunks: textChunks(
        requests.size,
        (row) =>
          `{"timestamp": ${milliseconds[row]}, "input_length": ${requests.promptTokens[row]}, ` +
          `"output_length": ${truth.outputTokens[row]}, ` +
          `"hash_ids": [${Array.from(blocks.of(row)).join(", ")}]}\n`,
      ),
      lost: [
        ...lossesOf(trace, ["promptBlocks"]),
        ...blocks.lost,
        ...coarserTimes(arrival, 1000, "millisecond"),
        ...batchMilliseconds(milliseconds) > 0
          ? ["times look like logged in batches: read with spread none, or they are spread"]
          : [],
      ],
    };
  },
};
