import * as z from "zod";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { Float64Builder, Int32Builder } from "../parsing/builders.ts";
import { secondsColumn, tokensColumn } from "../parsing/columns.ts";
import { CsvReader, positions } from "../parsing/csv-reader.ts";
import { hasColumns } from "../parsing/head.ts";
import { ArrivalOptions, assumedArrivals, refuseRate } from "../parsing/assumed-arrivals.ts";
import type { TraceFormat } from "../trace-format.ts";

/** A row of Vidur's processed traces. */
export const VidurRow = z.strictObject({
  arrived_at: secondsColumn("arrival since the start of the trace").optional(),
  num_prefill_tokens: tokensColumn("length of the prompt"),
  num_decode_tokens: tokensColumn("length of the answer"),
  num_total_tokens: tokensColumn("prompt and answer").optional(),
  pd_ratio: z.number().min(0).meta({ description: "prompt over answer" }).optional(),
});

const AT = positions(VidurRow);

/**
 * Vidur's traces (Agrawal et al., MLSys 2024): lengths, with arrivals where they were assigned. A
 * total that is not the sum of its parts is refused; the ratio is not kept, as it follows from the
 * lengths. Without arrivals they are assigned as for a table of lengths, see {@link ArrivalOptions}.
 */
export const vidur: TraceFormat<ArrivalOptions> = {
  name: "vidur",
  title: "Vidur",
  row: VidurRow,
  options: ArrivalOptions,
  recognise: (head) =>
    hasColumns(head, ["num_prefill_tokens", "num_decode_tokens"])
      ? `header with num_prefill_tokens and num_decode_tokens${
        head.header.includes("arrived_at") ? ", and arrived_at" : ""
      }`
      : undefined,
  reader(context) {
    const arrival = new Float64Builder();
    const promptTokens = new Int32Builder();
    const outputTokens = new Int32Builder();
    const csv = new CsvReader(VidurRow, {
      log: context.log,
      take(values) {
        const prompt = values[AT.num_prefill_tokens];
        const output = values[AT.num_decode_tokens];
        const total = values[AT.num_total_tokens];
        if (total !== prompt + output && !Number.isNaN(total)) {
          const expected = `the sum of prefill and decode tokens, ${prompt + output}`;
          return { field: "num_total_tokens", value: total, expected };
        }
        if (!Number.isNaN(values[AT.arrived_at])) arrival.push(values[AT.arrived_at]);
        promptTokens.push(prompt);
        outputTokens.push(output);
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        const size = promptTokens.length;
        if (arrival.length > 0) refuseRate(context);
        return assembleTrace(context, {
          name: "Vidur",
          served: {
            arrival: arrival.length > 0 || size === 0
              ? arrival.finish()
              : assumedArrivals(size, context),
            promptTokens: promptTokens.finish(),
            outputTokens: outputTokens.finish(),
          },
        });
      },
    };
  },
};
