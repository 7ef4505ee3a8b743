import * as z from "zod";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder, RaggedBuilder } from "../parsing/builders.ts";
import { countColumn, idsColumn, tokensColumn } from "../parsing/columns.ts";
import { hasFraction, hasKeys } from "../parsing/head.ts";
import { jsonLinesReader } from "../parsing/json-lines-reader.ts";
import { batchMilliseconds, spreadBatches } from "../parsing/spread-batches.ts";
import type { TraceFormat } from "../trace-format.ts";

/** Tokens of a block that a hash id stands for. Source: Mooncake's description of its traces. */
export const MOONCAKE_BLOCK_TOKENS = 512;

/** A line of a Mooncake trace. */
export const MooncakeRow = z.object({
  timestamp: countColumn("arrival since the start of the trace, milliseconds", {
    max: 2 ** 31 - 1,
  }),
  input_length: tokensColumn("length of the prompt"),
  output_length: tokensColumn("length of the answer"),
  hash_ids: idsColumn("one a block of 512 tokens; equal ids, equal prompt up to there"),
});

/** How arrivals that were logged in batches are put back. */
export const MooncakeOptions = z.strictObject({
  /**
   * - `even`: the m requests of a batch arrive at its time plus 0, 1/m, …, (m−1)/m of the batch
   *   length, in the order of the file. Nothing is drawn.
   * - `none`: all at the batch's time, as the file has it.
   */
  spread: z.enum(["even", "none"]).default("even"),
});
export type MooncakeOptions = z.output<typeof MooncakeOptions>;

/**
 * Mooncake's traces (Qin et al., FAST 2025): JSON lines. Hash ids become prompt blocks of
 * {@link MOONCAKE_BLOCK_TOKENS} tokens. The conversation trace has its times in batches of 3 s, which
 * would be bursts that never were: where all times are multiples of a second or more and requests
 * share them, they are spread by the option `spread`, and the report says so.
 */
export const mooncake: TraceFormat<MooncakeOptions> = {
  name: "mooncake",
  title: "Mooncake",
  row: MooncakeRow,
  options: MooncakeOptions,
  recognise: (head) =>
    hasKeys(head, ["timestamp", "input_length", "output_length", "hash_ids"]) &&
      Array.isArray((head.json as Record<string, unknown>).hash_ids) &&
      !hasKeys(head, ["chat_id"]) && !hasFraction(head, "timestamp")
      ? "JSON lines with timestamp (whole milliseconds), input_length, output_length and a list of " +
        "hash_ids"
      : undefined,
  reader(context) {
    const { log, options } = context;
    const milliseconds = new Float64Builder();
    const promptTokens = new Int32Builder();
    const outputTokens = new Int32Builder();
    const blocks = new RaggedBuilder();
    return jsonLinesReader({
      log,
      schema: MooncakeRow,
      take(row) {
        milliseconds.push(row.timestamp);
        promptTokens.push(row.input_length);
        outputTokens.push(row.output_length);
        blocks.push(row.hash_ids);
      },
      end() {
        let arrival = milliseconds.finish();
        const batch = batchMilliseconds(arrival);
        if (batch > 0 && options.spread === "even") {
          arrival = spreadBatches(arrival, batch);
          log.assumptions.push(
            `requests of the same time are spread evenly over the ${batch / 1000} s of a batch`,
          );
        }
        return assembleTrace(context, {
          name: "Mooncake",
          served: {
            arrival: arrival.map((time) => time / 1000),
            promptTokens: promptTokens.finish(),
            outputTokens: outputTokens.finish(),
            promptBlocks: { ...blocks.finish(), tokensPerBlock: MOONCAKE_BLOCK_TOKENS },
          },
        });
      },
    });
  },
};
