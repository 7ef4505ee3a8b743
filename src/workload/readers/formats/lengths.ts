import * as z from "zod";
import { assembleTrace } from "../parsing/assemble-trace.ts";
import { ArrivalOptions, assumedArrivals } from "../parsing/assumed-arrivals.ts";
import { Int32Builder } from "../parsing/builders.ts";
import { tokensColumn } from "../parsing/columns.ts";
import { CsvReader, positions } from "../parsing/csv-reader.ts";
import { hasColumns } from "../parsing/head.ts";
import type { TraceFormat } from "../trace-format.ts";

/** A row of a length table, with the column names that Azure's and APEX's tables share. */
export const LengthsRow = z.strictObject({
  ContextTokens: tokensColumn("length of the prompt"),
  GeneratedTokens: tokensColumn("length of the answer"),
});

const AT = positions(LengthsRow);

/**
 * A table of prompt and answer lengths: columns `ContextTokens` and `GeneratedTokens`, no times. The
 * bundled ones are 1,024 conversations of LMSYS-Chat-1M by two tokenizers, from microsoft/apex_plus.
 * Arrivals are assigned by {@link ArrivalOptions}.
 */
export const lengthTable: TraceFormat<ArrivalOptions> = {
  name: "lengths",
  title: "prompt and answer lengths",
  row: LengthsRow,
  options: ArrivalOptions,
  recognise: (head) =>
    hasColumns(head, ["ContextTokens", "GeneratedTokens"]) && !hasColumns(head, ["TIMESTAMP"])
      ? "header with ContextTokens and GeneratedTokens, and no TIMESTAMP"
      : undefined,
  reader(context) {
    const promptTokens = new Int32Builder();
    const outputTokens = new Int32Builder();
    const csv = new CsvReader(LengthsRow, {
      log: context.log,
      take(values) {
        promptTokens.push(values[AT.ContextTokens]);
        outputTokens.push(values[AT.GeneratedTokens]);
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        return assembleTrace(context, {
          name: "Length table",
          served: {
            arrival: assumedArrivals(promptTokens.length, context),
            promptTokens: promptTokens.finish(),
            outputTokens: outputTokens.finish(),
          },
        });
      },
    };
  },
};
