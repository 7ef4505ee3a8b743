import * as z from "zod";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder, RaggedBuilder } from "../parsing/builders.ts";
import { idsColumn, secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasFraction, hasKeys } from "../parsing/head.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import type { TraceFormat } from "../trace-format.ts";

/** Tokens that vLLM makes of a hash id unless `--timed-trace-chunk-hash-size` says otherwise. */
export const TIMED_TRACE_BLOCK_TOKENS = 16;

/** Powers of two that are tried as the length of a block. */
const LARGEST_BLOCK = 65_536;

/** A line of a timed trace. */
export const TimedTraceRow = z.object({
  timestamp: secondsColumn("arrival since the start of the trace"),
  input_length: tokensColumn("length of the prompt"),
  output_length: tokensColumn("length of the answer"),
  hash_ids: idsColumn("one a block of tokens; equal ids, equal content"),
});

/** What a timed trace does not say of itself. */
export const TimedTraceOptions = z.strictObject({
  /** Tokens of a block; absent: the power of two by which the ids just cover every prompt. */
  blockTokens: z.int().min(1).max(2 ** 31 - 1).optional(),
});
export type TimedTraceOptions = z.output<typeof TimedTraceOptions>;

/**
 * The data set `timed_trace` of vLLM's `bench serve`: JSON lines as Mooncake's, but in seconds. Told
 * from Mooncake by the first time, which is written with a fraction (`0.0`).
 */
export const timedTrace: TraceFormat<TimedTraceOptions> = {
  name: "vllm-timed-trace",
  title: "vLLM timed_trace",
  row: TimedTraceRow,
  options: TimedTraceOptions,
  recognise: (head) =>
    hasKeys(head, ["timestamp", "input_length", "output_length", "hash_ids"]) &&
      Array.isArray((head.json as Record<string, unknown>).hash_ids) &&
      !hasKeys(head, ["chat_id"]) && hasFraction(head, "timestamp")
      ? "JSON lines with timestamp in seconds (it has a fraction), input_length, output_length and " +
        "a list of hash_ids"
      : undefined,
  reader(context) {
    const { log, options } = context;
    const arrival = new Float64Builder();
    const promptTokens = new Int32Builder();
    const outputTokens = new Int32Builder();
    const blocks = new RaggedBuilder();
    return jsonLinesReader({
      log,
      schema: TimedTraceRow,
      take(row) {
        arrival.push(row.timestamp);
        promptTokens.push(row.input_length);
        outputTokens.push(row.output_length);
        blocks.push(row.hash_ids);
      },
      end() {
        const prompts = promptTokens.finish();
        const lists = blocks.finish();
        const found = options.blockTokens ?? coveringBlock(prompts, lists.offsets);
        if (options.blockTokens === undefined) {
          log.assumptions.push(
            found === undefined
              ? `blocks of ${TIMED_TRACE_BLOCK_TOKENS} tokens, vLLM's default: no length fits all rows`
              : `blocks of ${found} tokens: with this length the hash ids just cover every prompt`,
          );
        }
        return assembleTrace(context, {
          name: "vLLM timed trace",
          served: {
            arrival: arrival.finish(),
            promptTokens: prompts,
            outputTokens: outputTokens.finish(),
            promptBlocks: { ...lists, tokensPerBlock: found ?? TIMED_TRACE_BLOCK_TOKENS },
          },
        });
      },
    });
  },
};

/** The power of two for which every prompt has as many blocks as it needs, vLLM's default first. */
function coveringBlock(promptTokens: Int32Array, offsets: Int32Array): number | undefined {
  const covers = (block: number) =>
    promptTokens.every((tokens, i) => Math.ceil(tokens / block) === offsets[i + 1] - offsets[i]);
  if (covers(TIMED_TRACE_BLOCK_TOKENS)) return TIMED_TRACE_BLOCK_TOKENS;
  for (let block = 1; block <= LARGEST_BLOCK; block *= 2) if (covers(block)) return block;
  return undefined;
}
