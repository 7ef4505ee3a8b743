import { z } from "zod";
import { log as ln } from "../../math/log.ts";
import { substream } from "../../random/substream.ts";
import { assembleTrace } from "./assemble-trace.ts";
import { Int32Builder } from "./builders.ts";
import { tokensColumn } from "./columns.ts";
import { CsvReader, positions } from "./csv-reader.ts";
import { hasColumns } from "./head.ts";
import type { TraceFormat } from "./trace-format.ts";

/** A row of a length table, with the column names that Azure's and APEX's tables share. */
export const LengthsRow = z.strictObject({
  ContextTokens: tokensColumn("length of the prompt"),
  GeneratedTokens: tokensColumn("length of the answer"),
});

/** How requests of a table without times arrive. */
export const LengthsOptions = z.strictObject({
  /** Requests a second, as a Poisson process; absent: all at time 0. */
  rate: z.number().positive().max(1e9).optional(),
  /** Of the arrivals. */
  seed: z.int().default(1),
});
export type LengthsOptions = z.output<typeof LengthsOptions>;

const AT = positions(LengthsRow);

/**
 * A table of prompt and answer lengths: columns `ContextTokens` and `GeneratedTokens`, no times. The
 * bundled ones are 1,024 conversations of LMSYS-Chat-1M by two tokenizers, from microsoft/apex_plus.
 * Every request arrives at 0, as with a rate of `inf` in vLLM's benchmark, or by a Poisson process of
 * the option `rate`; the report says which.
 */
export const lengthTable: TraceFormat<LengthsOptions> = {
  name: "lengths",
  title: "prompt and answer lengths",
  row: LengthsRow,
  options: LengthsOptions,
  recognise: (head) =>
    hasColumns(head, ["ContextTokens", "GeneratedTokens"]) && !hasColumns(head, ["TIMESTAMP"])
      ? "header with ContextTokens and GeneratedTokens, and no TIMESTAMP"
      : undefined,
  reader(context) {
    const { log, options: { rate, seed } } = context;
    const promptTokens = new Int32Builder();
    const outputTokens = new Int32Builder();
    const csv = new CsvReader(LengthsRow, {
      log,
      take(values) {
        promptTokens.push(values[AT.ContextTokens]);
        outputTokens.push(values[AT.GeneratedTokens]);
      },
    });
    return {
      push: (bytes) => csv.push(bytes),
      end() {
        csv.end();
        log.assumptions.push(
          rate === undefined
            ? "every request arrives at 0, as the file has no times: give a rate for Poisson arrivals"
            : `Poisson arrivals of ${rate} a second, seed ${seed}, as the file has no times`,
        );
        const arrival = new Float64Array(promptTokens.length);
        if (rate !== undefined) poisson(arrival, rate, seed);
        return assembleTrace(context, {
          name: "Length table",
          served: {
            arrival,
            promptTokens: promptTokens.finish(),
            outputTokens: outputTokens.finish(),
          },
        });
      },
    };
  },
};

/** Fills in the instants of a Poisson process of `rate` events a second. */
function poisson(arrival: Float64Array, rate: number, seed: number): void {
  const random = substream(seed, "lengths/arrivals");
  let now = 0;
  for (let i = 0; i < arrival.length; i++) {
    now -= ln(1 - random.next()) / rate;
    arrival[i] = now;
  }
}
